import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { IconExternalLink } from '../icons';
import { CopyField } from '../parts/CopyField';
import { LinkButton } from '../parts/LinkButton';
import { Page } from '../parts/Page';
import { SnippetBox } from '../parts/SnippetBox';
import { FirstCall } from './FirstCall';
import { roomBase } from './roomBase';
import styles from './StartPage.module.css';
import { startSnippets } from './startSnippets';
import { useApp } from './useApp';
import { WithApp } from './WithApp';

/** From nothing to the first call: three steps with this app's id in them. */
export function StartPage(): ReactNode {
  const { t } = useTranslation('client');
  return (
    <WithApp>
      <Steps title={t('start.heading')} />
    </WithApp>
  );
}

function Steps({ title }: { title: string }): ReactNode {
  const { t } = useTranslation('client');
  const { app, tenantId } = useApp();
  const base = roomBase(app, window.location.origin);
  const params = { tenantId, appId: app.id };
  return (
    <Page title={title} lead={t('start.lead', { name: app.name })}>
      <FirstCall />
      <ol className={styles.steps}>
        <li className={styles.step}>
          <h2 className={styles.heading}>{t('start.room_heading')}</h2>
          <p className={styles.text}>
            {app.guests === 'refused' ? t('start.room_text_token') : t('start.room_text_guests')}
          </p>
          <CopyField label={t('start.room_link')} value={`${base}/halo`} />
          <div className={styles.actions}>
            {app.guests === 'refused' ? (
              <LinkButton
                variant="default"
                to="/t/$tenantId/apps/$appId/playground"
                params={params}
              >
                {t('start.to_playground')}
              </LinkButton>
            ) : (
              <Button
                variant="default"
                component="a"
                href={`${base}/halo`}
                target="_blank"
                rel="noreferrer"
                rightSection={<IconExternalLink size={16} aria-hidden="true" />}
              >
                {t('start.open_room')}
              </Button>
            )}
          </div>
        </li>
        <li className={styles.step}>
          <h2 className={styles.heading}>{t('start.token_heading')}</h2>
          <p className={styles.text}>{t('start.token_text')}</p>
          <SnippetBox label={t('start.token_heading')} snippets={startSnippets(base)} />
          <div className={styles.actions}>
            <LinkButton variant="default" to="/t/$tenantId/apps/$appId/keys" params={params}>
              {t('start.to_keys')}
            </LinkButton>
            <LinkButton variant="default" to="/reference">
              {t('start.to_reference')}
            </LinkButton>
          </div>
        </li>
        <li className={styles.step}>
          <h2 className={styles.heading}>{t('start.embed_heading')}</h2>
          <p className={styles.text}>{t('start.embed_text')}</p>
          <SnippetBox
            label={t('start.embed_heading')}
            snippets={[
              {
                name: 'HTML',
                code: `<iframe\n  src="${base}/halo?jwt=TOKEN"\n  allow="camera; microphone; display-capture; fullscreen; autoplay"\n  style="width: 100%; height: 600px; border: 0"\n></iframe>`,
              },
            ]}
          />
        </li>
      </ol>
    </Page>
  );
}
