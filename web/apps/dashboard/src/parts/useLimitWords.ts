import { useTranslation } from 'react-i18next';
import type { AppLimits } from '../api/clientApps';

/** Bytes of a gigabyte, as disks are sold. */
export const BYTES_PER_GB = 1_000_000_000;

/** Gives the words for a limit: "12,000", "50 GB", "30 days", "No limit". */
export function useLimitWords(): (limit: keyof AppLimits, value: number | null) => string {
  const { t, i18n } = useTranslation('client');
  const unit = (unitName: 'gigabyte' | 'day') =>
    new Intl.NumberFormat(i18n.language, {
      style: 'unit',
      unit: unitName,
      unitDisplay: unitName === 'day' ? 'long' : 'short',
      maximumFractionDigits: 1,
    });
  return (limit, value) => {
    if (value === null) return t('limits.none');
    if (limit === 'storage_bytes') return unit('gigabyte').format(value / BYTES_PER_GB);
    if (limit === 'retention_days') return unit('day').format(value);
    return new Intl.NumberFormat(i18n.language).format(value);
  };
}
