import { Button } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { wholeList } from '../../api/answeredList';
import { type RecordingDetail, type RecordingFile, saveFile } from '../../api/recordings';
import { IconDownload } from '../../icons';
import { CopyButton } from '../../parts/CopyButton';
import { type Column, DataTable } from '../../parts/DataTable';
import { EmptyState } from '../../parts/EmptyState';
import { ProblemNotice } from '../../parts/ProblemNotice';
import { Section } from '../../parts/Section';
import { StatusDot } from '../../parts/StatusDot';
import { TwoLines } from '../../parts/TwoLines';
import { useNumberWords } from '../../parts/useNumberWords';
import { useClient } from '../useClient';
import styles from './RecordingPage.module.css';
import { clockText, sourceOf } from './tracks';

/** Signs of a checksum that tell files apart at a glance; the rest is copied. */
const SHOWN = 12;

/** The files of a recording with their checksums, to take away. */
export function RecordingFiles({ recording }: { recording: RecordingDetail }): ReactNode {
  const { t } = useTranslation('recordings');
  const words = useNumberWords();
  const { tenantId, mayPlay } = useClient();
  const save = useMutation({
    mutationFn: (file: RecordingFile) => saveFile(tenantId, recording.id, file),
  });
  const mayFetch = mayPlay && !recording.deleted_at;
  const columns: readonly Column<RecordingFile>[] = [
    {
      key: 'what',
      header: t('files.what'),
      cell: (file) => {
        const source = sourceOf(file);
        const what = source ? t(`source.${source}`) : t(`role.${file.role}`);
        return file.participant_name ? (
          <TwoLines first={file.participant_name} second={what} />
        ) : (
          what
        );
      },
    },
    {
      key: 'at',
      header: t('files.at'),
      align: 'end',
      priority: 3,
      cell: ({ start_ms }) => (start_ms === null ? '–' : clockText(start_ms)),
    },
    {
      key: 'length',
      header: t('length'),
      align: 'end',
      priority: 2,
      cell: ({ duration_ms }) => (duration_ms === null ? '–' : clockText(duration_ms)),
    },
    {
      key: 'size',
      header: t('size'),
      align: 'end',
      priority: 2,
      cell: ({ bytes }) => words.bytes(bytes),
    },
    {
      key: 'sha256',
      header: t('files.checksum'),
      priority: 2,
      cell: ({ name, sha256, is_intact }) => (
        <span className={styles.checksum}>
          <code className="mono" title={sha256}>
            {sha256.slice(0, SHOWN)}…
          </code>
          <CopyButton isSmall value={sha256} what={`${t('files.checksum')} ${name}`} />
          {is_intact !== null && (
            <StatusDot tone={is_intact ? 'good' : 'danger'}>
              {is_intact ? t('files.intact') : t('files.changed')}
            </StatusDot>
          )}
        </span>
      ),
    },
    ...(mayFetch
      ? [
          {
            key: 'save',
            header: t('files.download'),
            isHeaderHidden: true,
            align: 'end' as const,
            cell: (file: RecordingFile) => (
              <Button
                size="xs"
                variant="default"
                leftSection={<IconDownload size={16} aria-hidden="true" />}
                aria-label={t('files.download_of', { name: file.name })}
                loading={save.isPending && save.variables.id === file.id}
                onClick={() => save.mutate(file)}
              >
                {t('files.download')}
              </Button>
            ),
          },
        ]
      : []),
  ];
  return (
    <Section title={t('files.heading')} lead={t('files.lead')}>
      {save.error && <ProblemNotice title={t('files.failed')} error={save.error} />}
      <DataTable
        label={t('files.heading')}
        columns={columns}
        list={wholeList(recording.files)}
        rowKey={({ id }) => id}
        empty={<EmptyState title={t('files.empty')} />}
      />
    </Section>
  );
}
