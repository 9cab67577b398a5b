import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { drainNode, type Node, nodesQuery } from '../api/platform';
import { wholeList } from '../api/wholeList';
import { IconServer } from '../icons';
import { ConfirmDialog } from '../parts/ConfirmDialog';
import { type Column, DataTable } from '../parts/DataTable';
import { EmptyState } from '../parts/EmptyState';
import { ProblemNotice } from '../parts/ProblemNotice';
import { RelativeTime } from '../parts/RelativeTime';
import { Section } from '../parts/Section';
import { StatusDot } from '../parts/StatusDot';
import { TwoLines } from '../parts/TwoLines';
import { useNumberWords } from '../parts/useNumberWords';

/** Bytes of a mebibyte: memory is counted in powers of two. */
const BYTES_PER_MIB = 1_048_576;

/** The processes of the server with their load, and the way to empty one. */
export function Nodes(): ReactNode {
  const { t } = useTranslation('operator');
  const { count, share } = useNumberWords();
  const queries = useQueryClient();
  const [draining, setDraining] = useState<Node | null>(null);
  const nodes = useQuery(nodesQuery);
  const drain = useMutation({
    mutationFn: ({ node, isDraining }: { node: Node; isDraining: boolean }) =>
      drainNode(node.id, isDraining),
    onSuccess: async () => {
      setDraining(null);
      await queries.invalidateQueries({ queryKey: nodesQuery.queryKey });
    },
  });
  const columns: readonly Column<Node>[] = [
    {
      key: 'node',
      header: t('nodes.col_node'),
      cell: (one) => (
        <TwoLines first={<code className="mono">{one.id}</code>} second={one.version} />
      ),
    },
    {
      key: 'state',
      header: t('nodes.col_state'),
      cell: (one) => (
        <StatusDot tone={one.is_draining ? 'attention' : 'good'}>
          {one.is_draining ? t('nodes.draining') : t('nodes.running')}
        </StatusDot>
      ),
    },
    {
      key: 'calls',
      header: t('nodes.col_calls'),
      align: 'end',
      priority: 2,
      cell: (one) => count(one.calls),
    },
    {
      key: 'people',
      header: t('nodes.col_people'),
      align: 'end',
      priority: 2,
      cell: (one) => count(one.participants),
    },
    {
      key: 'cpu',
      header: t('nodes.col_cpu'),
      align: 'end',
      priority: 2,
      cell: (one) => (one.cpu_ratio === null ? '–' : share(one.cpu_ratio)),
    },
    {
      key: 'memory',
      header: t('nodes.col_memory'),
      align: 'end',
      priority: 3,
      cell: (one) =>
        one.memory_bytes === null
          ? '–'
          : `${count(Math.round(one.memory_bytes / BYTES_PER_MIB))} MiB`,
    },
    {
      key: 'started',
      header: t('nodes.col_started'),
      align: 'end',
      priority: 3,
      cell: (one) => <RelativeTime at={one.started_at} />,
    },
    {
      key: 'drain',
      header: t('people.col_actions'),
      isHeaderHidden: true,
      align: 'end',
      cell: (one) => (
        <button
          type="button"
          className="row-action"
          aria-label={t(one.is_draining ? 'nodes.undrain_of' : 'nodes.drain_of', { name: one.id })}
          onClick={() =>
            one.is_draining ? drain.mutate({ node: one, isDraining: false }) : setDraining(one)
          }
        >
          {one.is_draining ? t('nodes.undrain') : t('nodes.drain')}
        </button>
      ),
    },
  ];
  return (
    <Section title={t('nodes.heading')}>
      {drain.error && !draining && <ProblemNotice error={drain.error} />}
      <DataTable
        label={t('nodes.heading')}
        columns={columns}
        list={wholeList(nodes)}
        rowKey={(one) => one.id}
        empty={<EmptyState icon={<IconServer />} title={t('nodes.empty')} />}
      />
      {draining && (
        <ConfirmDialog
          title={t('nodes.drain_title', { id: draining.id })}
          consequence={t('nodes.drain_consequence')}
          action={t('nodes.drain')}
          isBusy={drain.isPending}
          error={drain.error}
          onConfirm={() => drain.mutate({ node: draining, isDraining: true })}
          onClose={() => setDraining(null)}
        />
      )}
    </Section>
  );
}
