import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { MessagePage } from '../controls/MessagePage';
import { IconLink, IconWifiOff } from '../icons';

export interface AppProblemProps {
  status: 'unknown' | 'unreachable';
  onRetry: () => void;
}

/** There is no such app, or the server does not answer. */
export function AppProblem({ status, onRetry }: AppProblemProps): ReactNode {
  const { t } = useTranslation();
  if (status === 'unknown') {
    return (
      <MessagePage
        icon={<IconLink />}
        title={t('join_error.title.app_unknown')}
        text={t('join_error.help.app_unknown')}
        actions={
          <Button component="a" href="/" variant="default">
            {t('left.start_page')}
          </Button>
        }
      />
    );
  }
  return (
    <MessagePage
      icon={<IconWifiOff />}
      title={t('join_error.title.server_unreachable')}
      text={t('join_error.help.server_unreachable')}
      actions={<Button onClick={onRetry}>{t('common.try_again')}</Button>}
    />
  );
}
