import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { MessagePage } from '../controls/MessagePage';
import { IconLink } from '../icons';

/** The address is none of ours. */
export function BadLinkPage({ isOwnDomain }: { isOwnDomain: boolean }): ReactNode {
  const { t } = useTranslation();
  const { host } = window.location;
  const example = isOwnDomain ? `${host}/room` : `${host}/app-id/room`;
  return (
    <MessagePage
      icon={<IconLink />}
      title={t('bad_link.title')}
      text={t('bad_link.text', { example })}
      actions={
        <Button component="a" href="/" variant="default">
          {t('left.start_page')}
        </Button>
      }
    />
  );
}
