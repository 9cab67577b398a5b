import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { recordingQuotaQuery } from '../../api/recordings';
import { Meter } from '../../parts/Meter';
import { useNumberWords } from '../../parts/useNumberWords';
import { useClient } from '../useClient';
import { RecorderUse } from './RecorderUse';
import styles from './StorageLine.module.css';

/** The share of the storage from which on it stands out: some days are left to act. */
const NEARLY_FULL = 0.9;

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
      {shown.map(({ app_id, app_name, bytes, storage_bytes: limit, kept, slots }) => {
        const used = words.bytes(bytes);
        const told =
          limit === null
            ? t('storage.used', { used })
            : t('storage.used_of', { used, limit: words.bytes(limit) });
        const isFull = limit !== null && bytes >= limit;
        const isNearlyFull = limit !== null && bytes >= NEARLY_FULL * limit;
        return (
          <li key={app_id}>
            <Meter
              label={t('storage.label', { app: app_name })}
              told={told}
              more={t('storage.kept', { count: kept })}
              share={limit === null ? null : isFull ? 1 : bytes / limit}
              alert={isFull ? 'reached' : isNearlyFull ? 'warning' : 'none'}
            />
            <RecorderUse app={app_name} slots={slots} />
          </li>
        );
      })}
    </ul>
  );
}
