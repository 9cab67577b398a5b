import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { listCalls } from '../api/calls';
import { IconCheck } from '../icons';
import { RelativeTime } from '../parts/RelativeTime';
import styles from './FirstCall.module.css';
import { useApp } from './useApp';

/** How often it is asked whether there was a call, milliseconds. */
const LOOK_MS = 3_000;

/** Waits for the first call of the app and says when it is there. */
export function FirstCall(): ReactNode {
  const { t } = useTranslation('client');
  const { tenantId, app } = useApp();
  const calls = useQuery({
    queryKey: ['tenant', tenantId, 'app', app.id, 'last_call'],
    queryFn: async ({ signal }) =>
      (await listCalls(tenantId, { app_id: app.id }, null, signal)).data[0] ?? null,
    // Once there is a call, nothing is waited for any more.
    refetchInterval: (query) => (query.state.data ? false : LOOK_MS),
  });
  // Whatever else is wrong, the steps can be followed; this line alone is missing then.
  if (calls.data === undefined) return null;
  const call = calls.data;
  return (
    <p className={styles.line} role="status" data-found={call !== null}>
      {call === null ? (
        <>
          <span className={styles.pulse} aria-hidden="true" />
          {t('first_call.waiting')}
        </>
      ) : (
        <>
          <IconCheck aria-hidden="true" />
          <span>{call.is_live ? t('first_call.live') : t('first_call.found')}</span>
          <span className="quiet">
            <RelativeTime at={call.started_at} />
          </span>
          <Link
            to="/t/$tenantId/calls/$callId"
            params={{ tenantId, callId: call.id }}
            className={styles.open}
          >
            {t('first_call.open')}
          </Link>
        </>
      )}
    </p>
  );
}
