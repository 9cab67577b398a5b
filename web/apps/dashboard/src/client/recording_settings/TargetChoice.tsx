import { Notice } from '@jumpa/ui';
import { Checkbox } from '@mantine/core';
import '@mantine/core/styles/Checkbox.layer.css';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { StoredTarget } from '../../api/streamTargets';
import styles from './RuleCard.module.css';

export interface TargetChoiceProps {
  stored: readonly StoredTarget[];
  chosen: readonly string[];
  error: string | null;
  isDisabled: boolean;
  onChoose: (ids: readonly string[]) => void;
}

/** To which of the stored places calls are streamed: nobody is there to enter a key as a call begins. */
export function TargetChoice({
  stored,
  chosen,
  error,
  isDisabled,
  onChoose,
}: TargetChoiceProps): ReactNode {
  const { t } = useTranslation('recordings');
  return (
    <fieldset className={styles.targets} disabled={isDisabled}>
      <legend className={styles.legend}>{t('rule.targets')}</legend>
      {stored.length === 0 && (
        <Notice tone="attention" title={t('rule.no_targets')}>
          {t('rule.no_targets_next')}
        </Notice>
      )}
      {stored.map(({ id, name, url }) => (
        <Checkbox
          key={id}
          label={name}
          description={url}
          checked={chosen.includes(id)}
          onChange={({ currentTarget }) =>
            onChoose(
              currentTarget.checked ? [...chosen, id] : chosen.filter((other) => other !== id),
            )
          }
        />
      ))}
      {error && (
        <p className={styles.error} role="alert">
          {error}
        </p>
      )}
    </fieldset>
  );
}
