import { CheckCards, ChoiceGroup, MAX_TARGETS, Notice } from '@jumpa/ui';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { StoredTarget } from '../../api/streamTargets';

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
  if (stored.length === 0) {
    return (
      <ChoiceGroup label={t('rule.targets')} isDisabled={isDisabled} error={error}>
        <Notice tone="attention" title={t('rule.no_targets')}>
          {t('rule.no_targets_next')}
        </Notice>
      </ChoiceGroup>
    );
  }
  return (
    <CheckCards
      label={t('rule.targets')}
      chosen={chosen}
      options={stored.map(({ id, name, url }) => ({ value: id, label: name, help: url }))}
      isDisabled={isDisabled}
      most={MAX_TARGETS}
      error={error}
      onChoose={onChoose}
    />
  );
}
