import { Button } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { IconDownload } from '../icons';
import { Dialog } from './Dialog';
import { ProblemNotice } from './ProblemNotice';

export interface CsvButtonProps {
  /** Asks for the file and saves it. */
  onSave: () => Promise<void>;
}

/** Takes a table away as a file; what is filtered out stays out of it. */
export function CsvButton({ onSave }: CsvButtonProps): ReactNode {
  const { t } = useTranslation('numbers');
  const save = useMutation({ mutationFn: onSave });
  return (
    <>
      <Button
        variant="default"
        leftSection={<IconDownload size={16} aria-hidden="true" />}
        loading={save.isPending}
        onClick={() => save.mutate()}
      >
        {t('export.csv')}
      </Button>
      {save.error && (
        <Dialog title={t('export.failed')} onClose={save.reset}>
          <ProblemNotice error={save.error} onRetry={() => save.mutate()} />
        </Dialog>
      )}
    </>
  );
}
