import { Button } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import {
  deleteStreamTarget,
  type StoredTarget,
  streamTargetsKey,
  streamTargetsQuery,
} from '../../api/streamTargets';
import { wholeList } from '../../api/wholeList';
import { IconBroadcast, IconPlus } from '../../icons';
import { type Column, DataTable } from '../../parts/DataTable';
import { EmptyState } from '../../parts/EmptyState';
import { later } from '../../parts/later';
import { Section } from '../../parts/Section';
import { TwoLines } from '../../parts/TwoLines';
import { useApp } from '../useApp';

const TargetDialog = later(async () => (await import('./TargetDialog')).TargetDialog);
const ConfirmDialog = later(async () => (await import('../../parts/ConfirmDialog')).ConfirmDialog);

/** The places to which calls of the app can be streamed without entering a key. */
export function TargetsCard(): ReactNode {
  const { t } = useTranslation('recordings');
  const { tenantId: tenant, app, mayChange } = useApp();
  const queries = useQueryClient();
  const place = { tenant, app: app.id };
  const list = wholeList(useQuery(streamTargetsQuery(place)));
  const [open, setOpen] = useState<'create' | StoredTarget | null>(null);
  const close = () => setOpen(null);
  const onDone = () => {
    close();
    return queries.invalidateQueries({ queryKey: streamTargetsKey(place) });
  };
  const remove = useMutation({
    mutationFn: (id: string) => deleteStreamTarget(place, id),
    onSuccess: onDone,
  });
  const isManager = mayChange('apps');
  const columns: readonly Column<StoredTarget>[] = [
    {
      key: 'name',
      header: t('stored.name'),
      cell: ({ name, url }) => <TwoLines first={name} second={url} />,
    },
    {
      key: 'key',
      header: t('stored.key'),
      priority: 2,
      cell: ({ key_end }) => <code className="mono">…{key_end}</code>,
    },
    {
      key: 'viewers',
      header: t('streams.viewers'),
      priority: 3,
      cell: ({ viewer_url }) => viewer_url ?? '–',
    },
    ...(isManager
      ? [
          {
            key: 'acts',
            header: t('acts.label'),
            isHeaderHidden: true,
            align: 'end' as const,
            cell: (target: StoredTarget) => (
              <Button
                size="xs"
                variant="default"
                aria-label={t('stored.remove_of', { name: target.name })}
                onClick={() => setOpen(target)}
              >
                {t('stored.remove')}
              </Button>
            ),
          },
        ]
      : []),
  ];
  const create = isManager && (
    <Button
      variant="default"
      leftSection={<IconPlus size={18} aria-hidden="true" />}
      onClick={() => setOpen('create')}
    >
      {t('stored.create')}
    </Button>
  );
  return (
    <Section title={t('stored.heading')} lead={t('stored.lead')} action={create}>
      <DataTable
        label={t('stored.heading')}
        columns={columns}
        list={list}
        rowKey={({ id }) => id}
        empty={<EmptyState icon={<IconBroadcast />} title={t('stored.none')} />}
      />
      {open === 'create' && <TargetDialog place={place} onSaved={onDone} onClose={close} />}
      {open !== null && open !== 'create' && (
        <ConfirmDialog
          title={t('stored.remove_title', { name: open.name })}
          consequence={t('stored.remove_consequence')}
          action={t('stored.remove')}
          isBusy={remove.isPending}
          error={remove.error}
          onConfirm={() => remove.mutate(open.id)}
          onClose={close}
        />
      )}
    </Section>
  );
}
