import { Button, Menu } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { EXPORT_FORMATS, type ExportFormat } from '../api/exports';
import { IconChevronDown, IconDownload } from '../icons';
import { ChoiceMenu, MenuWords } from '../shell/ChoiceMenu';
import { Dialog } from './Dialog';
import { ProblemNotice } from './ProblemNotice';

export interface ExportMenuProps {
  /** Asks for the file and saves it. */
  onSave: (format: ExportFormat) => Promise<void>;
}

/** Takes a table away as a file; what is filtered out stays out of it. */
export function ExportMenu({ onSave }: ExportMenuProps): ReactNode {
  const { t } = useTranslation('numbers');
  const save = useMutation({ mutationFn: onSave });
  return (
    <>
      <ChoiceMenu
        label={t('export.label')}
        position="bottom-end"
        target={
          <Button
            variant="default"
            leftSection={<IconDownload size={16} aria-hidden="true" />}
            rightSection={<IconChevronDown size={16} aria-hidden="true" />}
            loading={save.isPending}
          >
            {t('export.action')}
          </Button>
        }
      >
        {EXPORT_FORMATS.map((format) => (
          <Menu.Item key={format} onClick={() => save.mutate(format)}>
            <MenuWords help={t(`export.help.${format}`)}>{t(`export.format.${format}`)}</MenuWords>
          </Menu.Item>
        ))}
      </ChoiceMenu>
      {save.error && (
        <Dialog title={t('export.failed')} onClose={save.reset}>
          <ProblemNotice error={save.error} onRetry={() => save.mutate(save.variables)} />
        </Dialog>
      )}
    </>
  );
}
