import { Button, Menu } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { appsQuery, type ClientApp } from '../../api/clientApps';
import {
  deletePreparedRoom,
  listPreparedRooms,
  PREPARED_MS,
  type PreparedRoom,
  preparedKey,
} from '../../api/preparedRooms';
import { useKeysetQuery } from '../../api/useKeysetQuery';
import { IconCalendar, IconDotsVertical, IconPlus } from '../../icons';
import { CopyButton } from '../../parts/CopyButton';
import { type Column, DataTable } from '../../parts/DataTable';
import { EmptyState } from '../../parts/EmptyState';
import { later } from '../../parts/later';
import { Moment } from '../../parts/Moment';
import { Page } from '../../parts/Page';
import { SearchField } from '../../parts/SearchField';
import { StatusDot } from '../../parts/StatusDot';
import { TwoLines } from '../../parts/TwoLines';
import { ChoiceMenu } from '../../shell/ChoiceMenu';
import { AppFilter } from '../AppFilter';
import { ruleForm } from '../recording_settings/recordingRule';
import { roomBase } from '../roomBase';
import { useClient } from '../useClient';
import { useFilters } from '../useFilters';
import { useZone } from '../useZone';
import styles from './PreparedRoomsPage.module.css';
import { RoomsTabs } from './RoomsTabs';

const PrepareDialog = later(async () => (await import('./PrepareDialog')).PrepareDialog);
const ConfirmDialog = later(async () => (await import('../../parts/ConfirmDialog')).ConfirmDialog);

/** What is open above the list. */
type Open =
  | { readonly kind: 'create' }
  | { readonly kind: 'show' | 'delete'; readonly prepared: PreparedRoom };

/** The rooms that wait for their call, and how it will begin. */
export function PreparedRoomsPage(): ReactNode {
  const { t } = useTranslation('rooms');
  const { tenantId: tenant, mayChange } = useClient();
  const zone = useZone();
  const { filters, setFilters } = useFilters();
  const [open, setOpen] = useState<Open | null>(null);
  const close = () => setOpen(null);
  const queries = useQueryClient();
  const apps = useQuery(appsQuery(tenant)).data ?? [];
  const appOf = (id: string) => apps.find((app) => app.id === id);
  const filter = { app_id: filters.app, search: filters.search };
  const isNarrowed = Boolean(filters.app || filters.search);
  const list = useKeysetQuery(
    [...preparedKey(tenant), filter],
    (cursor, signal) => listPreparedRooms(tenant, filter, cursor, signal),
    { everyMs: PREPARED_MS },
  );
  const remove = useMutation({
    mutationFn: ({ app_id, room }: PreparedRoom) =>
      deletePreparedRoom({ tenant, app: app_id, room }),
    onSuccess: () => {
      close();
      return queries.invalidateQueries({ queryKey: preparedKey(tenant) });
    },
  });
  const isHost = mayChange('rooms');
  const chosenApp = appOf(filters.app ?? '') ?? apps[0];
  const create = isHost && chosenApp && (
    <Button
      leftSection={<IconPlus size={18} aria-hidden="true" />}
      onClick={() => setOpen({ kind: 'create' })}
    >
      {t('prepare.open')}
    </Button>
  );
  const columns: readonly Column<PreparedRoom>[] = [
    {
      key: 'room',
      header: t('room'),
      cell: (prepared) => {
        const name = (
          <button
            type="button"
            className={`row-action ${styles.name}`}
            data-row-link
            onClick={() => setOpen({ kind: 'show', prepared })}
          >
            {prepared.room}
          </button>
        );
        return apps.length > 1 ? (
          <TwoLines first={name} second={appOf(prepared.app_id)?.name ?? prepared.app_id} />
        ) : (
          name
        );
      },
    },
    {
      key: 'recording',
      header: t('prepared.recording'),
      cell: (prepared) => <Recording prepared={prepared} />,
    },
    {
      key: 'entry',
      header: t('state'),
      priority: 2,
      cell: (prepared) => <Entry prepared={prepared} />,
    },
    {
      key: 'until',
      header: t('prepared.until'),
      priority: 2,
      cell: ({ expires_at }) =>
        expires_at === null ? (
          <span className={styles.line}>{t('prepared.until_call')}</span>
        ) : (
          <Moment at={expires_at} zone={zone} />
        ),
    },
    {
      key: 'actions',
      header: t('actions'),
      isHeaderHidden: true,
      align: 'end',
      cell: (prepared) => (
        <Actions
          prepared={prepared}
          app={appOf(prepared.app_id)}
          onOpen={isHost ? setOpen : undefined}
        />
      ),
    },
  ];
  const shown = open?.kind === 'show' ? open.prepared : null;
  const formApp = shown ? appOf(shown.app_id) : chosenApp;
  return (
    <Page
      title={t('prepared.heading')}
      lead={t('prepared.lead')}
      action={create}
      tabs={<RoomsTabs />}
      filters={
        <>
          <SearchField
            label={t('prepared.search')}
            value={filters.search}
            onSearch={(search) => setFilters({ search })}
          />
          <AppFilter />
        </>
      }
    >
      <DataTable
        label={t('prepared.heading')}
        columns={columns}
        list={list}
        rowKey={({ app_id, room }) => `${app_id}/${room}`}
        empty={
          isNarrowed ? (
            <EmptyState
              icon={<IconCalendar />}
              title={t('prepared.no_match_title')}
              action={
                <Button
                  variant="default"
                  onClick={() => setFilters({ app: undefined, search: undefined })}
                >
                  {t('prepared.widen')}
                </Button>
              }
            >
              {t('prepared.no_match_text')}
            </EmptyState>
          ) : (
            <EmptyState icon={<IconCalendar />} title={t('prepared.empty_title')} action={create}>
              {t('prepared.empty_text')}
            </EmptyState>
          )
        }
      />
      {(open?.kind === 'create' || shown) && formApp && zone && (
        <PrepareDialog
          tenant={tenant}
          apps={apps}
          app={formApp}
          before={shown}
          zone={zone}
          isReadOnly={!isHost}
          onClose={close}
        />
      )}
      {open?.kind === 'delete' && (
        <ConfirmDialog
          title={t('prepared.delete_title', { room: open.prepared.room })}
          consequence={t('prepared.delete_consequence')}
          action={t('prepared.delete')}
          isBusy={remove.isPending}
          error={remove.error}
          onConfirm={() => remove.mutate(open.prepared)}
          onClose={close}
        />
      )}
    </Page>
  );
}

/** Whether and how the call is recorded from its beginning. */
function Recording({ prepared }: { prepared: PreparedRoom }): ReactNode {
  const { t } = useTranslation(['rooms', 'recordings']);
  const { rule } = ruleForm(prepared);
  if (rule === 'asked')
    return <span className={`quiet ${styles.line}`}>{t('prepared.rule.asked')}</span>;
  const kind = prepared.auto_record?.kind;
  const words = <span className={styles.line}>{t(`prepared.rule.${rule}`)}</span>;
  return kind ? <TwoLines first={words} second={t(`recordings:kind.${kind}`)} /> : words;
}

/** What newcomers meet. */
function Entry({ prepared }: { prepared: PreparedRoom }): ReactNode {
  const { t } = useTranslation('rooms');
  const { has_password, has_lobby, max_participants } = prepared;
  if (!has_password && !has_lobby && max_participants === null) {
    return <StatusDot tone="good">{t('open')}</StatusDot>;
  }
  return (
    <span className={styles.entry}>
      {has_password && <StatusDot tone="neutral">{t('locked')}</StatusDot>}
      {has_lobby && <StatusDot tone="info">{t('lobby')}</StatusDot>}
      {max_participants !== null && (
        <StatusDot tone="neutral">{t('prepared.most', { count: max_participants })}</StatusDot>
      )}
    </span>
  );
}

function Actions({
  prepared,
  app,
  onOpen,
}: {
  prepared: PreparedRoom;
  app: ClientApp | undefined;
  /** Absent for those who may change nothing. */
  onOpen: ((open: Open) => void) | undefined;
}): ReactNode {
  const { t } = useTranslation('rooms');
  const { room } = prepared;
  const label = t('actions_of', { name: room });
  return (
    <span className={styles.actions}>
      {app && (
        <CopyButton
          isSmall
          value={`${roomBase(app, window.location.origin)}/${room}`}
          what={t('prepared.link_of', { room })}
        />
      )}
      {onOpen && (
        <ChoiceMenu
          label={label}
          position="bottom-end"
          target={
            <button type="button" className="icon-button" aria-label={label}>
              <IconDotsVertical aria-hidden="true" />
            </button>
          }
        >
          <Menu.Item onClick={() => onOpen({ kind: 'show', prepared })}>
            {t('prepared.change')}
          </Menu.Item>
          <Menu.Item data-tone="danger" onClick={() => onOpen({ kind: 'delete', prepared })}>
            {t('prepared.delete')}
          </Menu.Item>
        </ChoiceMenu>
      )}
    </span>
  );
}
