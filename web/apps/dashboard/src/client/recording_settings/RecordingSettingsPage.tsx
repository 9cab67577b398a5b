import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Page } from '../../parts/Page';
import { WithApp } from '../WithApp';
import { TargetsCard } from './TargetsCard';

/** How calls of the app are recorded, where they are streamed to, and where files are kept. */
export function RecordingSettingsPage(): ReactNode {
  const { t } = useTranslation('recordings');
  return (
    <WithApp>
      <Page title={t('settings.heading')} lead={t('settings.lead')}>
        <TargetsCard />
      </Page>
    </WithApp>
  );
}
