import type { StoredStreamTarget } from '@jumpa/sdk';
import { CheckCards, ChoiceGroup, Notice } from '@jumpa/ui';
import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { IconAlertTriangle } from '../icons';
import styles from './RecordDialog.module.css';
import type { StoredTargets } from './useStoredTargets';

export interface StoredPlacesProps {
  state: StoredTargets['state'];
  /** Those that can be chosen: the stream does not go there yet. */
  choices: readonly StoredStreamTarget[];
  chosen: readonly string[];
  /** How many can be chosen. */
  most: number;
  error: string | null;
  onChoose: (ids: readonly string[]) => void;
  onAskAgain: () => void;
}

/** The places that the app has stored, to be chosen by their names; nobody has to know their keys. */
export function StoredPlaces({
  state,
  choices,
  chosen,
  most,
  error,
  onChoose,
  onAskAgain,
}: StoredPlacesProps): ReactNode {
  const { t } = useTranslation();
  if (state === 'loading') {
    return (
      <ChoiceGroup label={t('recording.stored.label')} error={error}>
        <p className={styles.help} role="status">
          {t('recording.stored.loading')}
        </p>
      </ChoiceGroup>
    );
  }
  if (state === 'failed') {
    return (
      <Notice
        tone="attention"
        icon={<IconAlertTriangle />}
        title={t('recording.stored.failed')}
        actions={
          <Button size="sm" variant="default" onClick={onAskAgain}>
            {t('common.try_again')}
          </Button>
        }
      >
        {t('recording.stored.failed_next')}
      </Notice>
    );
  }
  if (choices.length === 0) return null;
  return (
    <CheckCards
      label={t('recording.stored.label')}
      chosen={chosen}
      options={choices.map(({ id, name }) => ({ value: id, label: name }))}
      most={most}
      error={error}
      onChoose={onChoose}
    />
  );
}
