import { Button, NativeSelect } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import {
  type RecordingDetail,
  recordingsKey,
  revokeRecordingLink,
  sharedPage,
  shareRecording,
} from '../../api/recordings';
import { CopyField } from '../../parts/CopyField';
import { Dialog } from '../../parts/Dialog';
import { Moment } from '../../parts/Moment';
import { ProblemNotice } from '../../parts/ProblemNotice';
import { Stack } from '../../parts/Stack';
import { useClient } from '../useClient';
import { useZone } from '../useZone';
import styles from './RecordingPage.module.css';

const DAY_S = 86_400;
/** How long a link can be used, days. */
const DAYS = [1, 7, 30, 90] as const;

/** Makes and takes back links for people without a login. */
export function ShareDialog({
  recording,
  onClose,
}: {
  recording: RecordingDetail;
  onClose: () => void;
}): ReactNode {
  const { t } = useTranslation('recordings');
  const { tenantId: tenant } = useClient();
  const zone = useZone();
  const queries = useQueryClient();
  const [days, setDays] = useState<number>(7);
  const onSuccess = () => queries.invalidateQueries({ queryKey: recordingsKey(tenant) });
  const make = useMutation({
    mutationFn: () => shareRecording(tenant, recording.id, days * DAY_S),
    onSuccess,
  });
  const revoke = useMutation({
    mutationFn: (link: string) => revokeRecordingLink(tenant, recording.id, link),
    onSuccess: (_, link) => {
      // What was shown no longer opens.
      if (make.data?.link.id === link) make.reset();
      return onSuccess();
    },
  });
  const error = make.error ?? revoke.error;
  return (
    <Dialog title={t('share.title')} size="wide" onClose={onClose}>
      <Stack>
        <p>{t('share.text')}</p>
        <div className={styles.share}>
          <NativeSelect
            label={t('share.days')}
            value={days}
            data={DAYS.map((count) => ({ value: String(count), label: t('share.day', { count }) }))}
            onChange={(event) => setDays(Number(event.currentTarget.value))}
          />
          <Button loading={make.isPending} onClick={() => make.mutate()}>
            {t('share.make')}
          </Button>
        </div>
        {make.data && (
          <CopyField label={t('share.url')} help={t('share.once')} value={sharedPage(make.data)} />
        )}
        {error && <ProblemNotice error={error} />}
        {recording.links.length > 0 && (
          <ul className={styles.links} aria-label={t('share.links')}>
            {recording.links.map(({ id, created_by, created_at, expires_at }, index) => (
              <li key={id}>
                <span>
                  {t('share.by', { name: created_by })}, <Moment at={created_at} zone={zone} /> –{' '}
                  <Moment at={expires_at} zone={zone} />
                </span>
                <Button
                  size="xs"
                  variant="default"
                  aria-label={t('share.revoke_of', { number: index + 1, name: created_by })}
                  loading={revoke.isPending && revoke.variables === id}
                  onClick={() => revoke.mutate(id)}
                >
                  {t('share.revoke')}
                </Button>
              </li>
            ))}
          </ul>
        )}
      </Stack>
    </Dialog>
  );
}
