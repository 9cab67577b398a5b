import { useTranslation } from 'react-i18next';
import type { Recording } from '../../api/recordings';
import { useZone } from '../useZone';

/** Says where a recording stands that waits for a recorder, and when it begins as far as is known. */
export function useQueueWords(): (queue: NonNullable<Recording['queue']>) => string {
  const { t, i18n } = useTranslation('recordings');
  const zone = useZone();
  return ({ place, expected_at }) => {
    if (expected_at === null) return t('queue.place', { place });
    const time = new Intl.DateTimeFormat(i18n.language, {
      timeStyle: 'short',
      ...(zone !== undefined && { timeZone: zone }),
    });
    return t('queue.place_until', { place, time: time.format(new Date(expected_at)) });
  };
}
