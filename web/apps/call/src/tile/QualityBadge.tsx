import type { ParticipantView, QualityLevel } from '@jumpa/sdk';
import { SignalBars } from '@jumpa/ui';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Tip } from '../controls/Tip';
import styles from './QualityBadge.module.css';
import { qualityKey } from './qualityText';

const LIT: Record<QualityLevel, 0 | 1 | 2 | 3> = { unknown: 3, good: 3, fair: 2, poor: 1, lost: 0 };

export interface QualityBadgeProps {
  person: ParticipantView;
}

/** Shows that a connection is not good; words say why. Nothing while it is good. */
export function QualityBadge({ person }: QualityBadgeProps): ReactNode {
  const { t } = useTranslation();
  const key = qualityKey(person);
  if (!key) return null;
  const text = String(t(key));
  return (
    <Tip label={text} onTap>
      <button
        type="button"
        className={styles.badge}
        data-quality={person.quality}
        aria-label={text}
      >
        <SignalBars lit={LIT[person.quality]} />
      </button>
    </Tip>
  );
}
