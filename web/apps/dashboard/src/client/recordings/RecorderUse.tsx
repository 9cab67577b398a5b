import type { components } from '@jumpa/api-client';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Meter } from '../../parts/Meter';
import { useNumberWords } from '../../parts/useNumberWords';

export interface RecorderUseProps {
  app: string;
  slots: components['schemas']['RecordingSlots'];
}

/** What an app uses of the recorders, of what it has; nothing where that says nothing. */
export function RecorderUse({ app, slots }: RecorderUseProps): ReactNode {
  const { t } = useTranslation('recordings');
  const { count } = useNumberWords();
  const { used_millicores, guaranteed_millicores, burst_millicores, waiting } = slots;
  const limit = guaranteed_millicores > 0 ? guaranteed_millicores : burst_millicores;
  if (limit === null && used_millicores === 0 && waiting === 0) return null;
  const used = count(used_millicores);
  const told =
    limit === null
      ? t('slots.used', { used })
      : t(guaranteed_millicores > 0 ? 'slots.guaranteed' : 'slots.at_most', {
          used,
          limit: count(limit),
        });
  return (
    <Meter
      label={t('slots.label', { app })}
      told={told}
      {...(waiting > 0 && { more: t('slots.waiting', { count: waiting }) })}
      share={limit === null || limit === 0 ? null : used_millicores / limit}
      alert={waiting > 0 ? 'warning' : 'none'}
    />
  );
}
