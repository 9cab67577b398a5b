import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Quality } from '../../api/calls';
import { StatusDot } from '../../parts/StatusDot';

const TONES = { good: 'good', fair: 'attention', poor: 'danger', unknown: 'neutral' } as const;

/** How good it was, as a word and a colour. */
export function QualityDot({ quality }: { quality: Quality }): ReactNode {
  const { t } = useTranslation('numbers');
  return <StatusDot tone={TONES[quality]}>{t(`quality.${quality}`)}</StatusDot>;
}
