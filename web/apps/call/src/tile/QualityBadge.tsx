import type { ParticipantView } from '@jumpa/sdk';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Tip } from '../controls/Tip';
import { IconAntennaBars2, IconAntennaBars3, IconAntennaBarsOff } from '../icons';
import styles from './QualityBadge.module.css';
import { qualityKey } from './qualityText';

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
        {person.quality === 'fair' && <IconAntennaBars3 aria-hidden="true" />}
        {person.quality === 'poor' && <IconAntennaBars2 aria-hidden="true" />}
        {person.quality === 'lost' && <IconAntennaBarsOff aria-hidden="true" />}
      </button>
    </Tip>
  );
}
