import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { recordingQuotaQuery } from '../../api/recordings';
import { useNumberWords } from '../../parts/useNumberWords';
import { useClient } from '../useClient';
import styles from './StorageLine.module.css';

/** What the recordings of each app take, of what they may. */
export function StorageLine({ app }: { app: string | undefined }): ReactNode {
  const { t } = useTranslation('recordings');
  const words = useNumberWords();
  const { tenantId } = useClient();
  // The list below says when recordings cannot be read.
  const quotas = useQuery(recordingQuotaQuery(tenantId)).data?.data ?? [];
  const shown = quotas.filter(({ app_id }) => app === undefined || app_id === app);
  if (shown.length === 0) return null;
  return (
    <ul className={styles.apps}>
      {shown.map(({ app_id, app_name, bytes, storage_bytes: limit, kept }) => {
        const used = words.bytes(bytes);
        const told =
          limit === null
            ? t('storage.used', { used })
            : t('storage.used_of', { used, limit: words.bytes(limit) });
        const label = t('storage.label', { app: app_name });
        return (
          <li key={app_id}>
            <span className={styles.name}>{label}</span>
            <span className={styles.use}>
              {told} · {t('storage.kept', { count: kept })}
            </span>
            {limit !== null && (
              <meter
                className={styles.meter}
                data-full={bytes >= limit}
                aria-label={label}
                aria-valuetext={told}
                min={0}
                max={1}
                value={limit === 0 ? 1 : Math.min(bytes / limit, 1)}
              />
            )}
          </li>
        );
      })}
    </ul>
  );
}
