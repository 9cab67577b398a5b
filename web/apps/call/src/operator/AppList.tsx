import { Notice } from '@jumpa/ui';
import { Button } from '@mantine/core';
import { type ReactNode, useCallback, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { IconAlertTriangle, IconPlus } from '../icons';
import styles from './AppList.module.css';
import { ApiError, fetchApps, type OperatorApp } from './api';
import { CreateAppDialog } from './CreateAppDialog';

type Apps =
  | { readonly status: 'loading' }
  | { readonly status: 'ready'; readonly apps: readonly OperatorApp[] }
  | { readonly status: 'failed'; readonly requestId: string | null };

/** Every app, and the way to make one. */
export function AppList(): ReactNode {
  const { t } = useTranslation('pages');
  const [apps, setApps] = useState<Apps>({ status: 'loading' });
  const [isCreating, setCreating] = useState(false);

  const load = useCallback(() => {
    fetchApps()
      .then((list) => setApps({ status: 'ready', apps: list }))
      .catch((error: unknown) =>
        setApps({
          status: 'failed',
          requestId: error instanceof ApiError ? error.requestId : null,
        }),
      );
  }, []);
  useEffect(load, [load]);

  return (
    <div className={styles.page}>
      <div className={styles.head}>
        <div>
          <h1 className={styles.heading}>{t('operator.heading')}</h1>
          <p className={styles.lead}>{t('operator.lead')}</p>
        </div>
        <Button leftSection={<IconPlus aria-hidden="true" />} onClick={() => setCreating(true)}>
          {t('operator.create')}
        </Button>
      </div>
      {apps.status === 'loading' && <Skeleton />}
      {apps.status === 'failed' && (
        <Notice
          tone="danger"
          icon={<IconAlertTriangle />}
          title={t('operator.failed_title')}
          actions={
            <Button size="sm" variant="default" onClick={load}>
              {t('common.try_again', { ns: 'call' })}
            </Button>
          }
        >
          <p>{t('operator.failed_text')}</p>
          {apps.requestId && <p>{t('operator.request_id', { id: apps.requestId })}</p>}
        </Notice>
      )}
      {apps.status === 'ready' && apps.apps.length === 0 && (
        <div className={styles.empty}>
          <p className={styles.emptyTitle}>{t('operator.empty_title')}</p>
          <p>{t('operator.empty_text')}</p>
        </div>
      )}
      {apps.status === 'ready' && apps.apps.length > 0 && <Table apps={apps.apps} />}
      {isCreating && (
        <CreateAppDialog
          onCreated={load}
          onClose={() => {
            setCreating(false);
          }}
        />
      )}
    </div>
  );
}

function Table({ apps }: { apps: readonly OperatorApp[] }): ReactNode {
  const { t, i18n } = useTranslation('pages');
  const date = new Intl.DateTimeFormat(i18n.language, { dateStyle: 'medium' });
  const exact = new Intl.DateTimeFormat(i18n.language, { dateStyle: 'full', timeStyle: 'long' });
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scroll area must be reachable by keyboard
    <section className={styles.scroller} tabIndex={0} aria-label={t('operator.heading')}>
      <table className={styles.table}>
        <thead>
          <tr>
            <th scope="col">{t('operator.col_name')}</th>
            <th scope="col">{t('operator.col_app_id')}</th>
            <th scope="col">{t('operator.col_guests')}</th>
            <th scope="col">{t('operator.col_state')}</th>
            <th scope="col">{t('operator.col_created')}</th>
            <td />
          </tr>
        </thead>
        <tbody>
          {apps.map((app) => (
            <tr key={app.id}>
              <th scope="row">{app.name}</th>
              <td className={styles.mono}>{app.id}</td>
              <td>{app.allowsGuests ? t('operator.guests_yes') : t('operator.guests_no')}</td>
              <td>
                <span className={styles.state} data-disabled={app.isDisabled}>
                  {app.isDisabled ? t('operator.state_disabled') : t('operator.state_active')}
                </span>
              </td>
              <td title={exact.format(new Date(app.createdAt))}>
                {date.format(new Date(app.createdAt))}
              </td>
              <td className={styles.act}>
                {app.allowsGuests && !app.isDisabled && (
                  <a href={`/${app.id}/room`} target="_blank" rel="noreferrer">
                    {t('operator.open_room')}
                  </a>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Skeleton(): ReactNode {
  const { t } = useTranslation('pages');
  return (
    <div className={styles.skeleton} role="status" aria-label={t('operator.loading')}>
      <span />
      <span />
      <span />
    </div>
  );
}
