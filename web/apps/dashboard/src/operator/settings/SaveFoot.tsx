import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

export interface SaveFootProps {
  /** Nothing differs from what is stored. */
  isSame: boolean;
  isBusy: boolean;
  isSaved: boolean;
}

/** The last line of a card that is a form: what became of saving, and the button. */
export function SaveFoot({ isSame, isBusy, isSaved }: SaveFootProps): ReactNode {
  const { t } = useTranslation('platform');
  return (
    <>
      <span role="status">{isSaved && isSame && t('settings.saved')}</span>
      <Button type="submit" loading={isBusy} disabled={isSame}>
        {t('settings.save')}
      </Button>
    </>
  );
}
