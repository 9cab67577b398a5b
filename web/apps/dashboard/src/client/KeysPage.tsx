import { Button, Menu } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type ApiKey, type AppKey, revokeApiKey, revokeKey } from '../api/clientApps';
import { plannedPage } from '../api/planned';
import { useKeysetQuery } from '../api/useKeysetQuery';
import { IconApi, IconDotsVertical, IconKey, IconPlus } from '../icons';
import { Code } from '../parts/Code';
import { ConfirmDialog } from '../parts/ConfirmDialog';
import { type Column, DataTable } from '../parts/DataTable';
import { EmptyState } from '../parts/EmptyState';
import { Page } from '../parts/Page';
import { RelativeTime } from '../parts/RelativeTime';
import { Section } from '../parts/Section';
import { StatusDot } from '../parts/StatusDot';
import { ChoiceMenu } from '../shell/ChoiceMenu';
import { CreateApiKeyDialog } from './CreateApiKeyDialog';
import { CreateKeyDialog } from './CreateKeyDialog';
import { RotateKeyDialog } from './RotateKeyDialog';
import { useApp } from './useApp';
import { WithApp } from './WithApp';

type Open =
  | { readonly kind: 'create' | 'create_api_key' }
  | { readonly kind: 'rotate' | 'revoke'; readonly key: AppKey }
  | { readonly kind: 'revoke_api_key'; readonly key: ApiKey };

const STATUS_TONES = { active: 'good', retiring: 'attention', revoked: 'neutral' } as const;

/** What signs tokens of the app, and what calls the API for it. */
export function KeysPage(): ReactNode {
  return (
    <WithApp>
      <Keys />
    </WithApp>
  );
}

function Keys(): ReactNode {
  const { t } = useTranslation('client');
  const { tenantId: tenant, app, mayChange } = useApp();
  const queries = useQueryClient();
  const [open, setOpen] = useState<Open | null>(null);
  const listKey = ['tenant', tenant, 'app', app.id];
  const keys = useKeysetQuery(
    [...listKey, 'keys'],
    plannedPage<AppKey>(`/v1/apps/${app.id}/keys`, { tenant }),
  );
  const apiKeys = useKeysetQuery(
    [...listKey, 'api_keys'],
    plannedPage<ApiKey>(`/v1/apps/${app.id}/api_keys`, { tenant }),
  );
  const close = () => setOpen(null);
  const refresh = () => {
    queries.invalidateQueries({ queryKey: listKey }).catch(() => undefined);
  };
  const done = () => {
    close();
    refresh();
  };
  const revoke = useMutation({
    mutationFn: (key: string) => revokeKey(tenant, app.id, key),
    onSuccess: done,
  });
  const revokeApi = useMutation({
    mutationFn: (key: string) => revokeApiKey(tenant, app.id, key),
    onSuccess: done,
  });
  const isManager = mayChange('keys');
  const lastUsed = (at: string | null) => (at ? <RelativeTime at={at} /> : t('keys.never_used'));

  const keyColumns: readonly Column<AppKey>[] = [
    { key: 'id', header: t('keys.col_id'), cell: (key) => <Code copy={key.id} /> },
    {
      key: 'kind',
      header: t('keys.col_kind'),
      priority: 2,
      cell: (key) => t(`key_kind.${key.kind}`),
    },
    {
      key: 'status',
      header: t('keys.col_status'),
      cell: (key) => (
        <StatusDot tone={STATUS_TONES[key.status]}>{t(`key_status.${key.status}`)}</StatusDot>
      ),
    },
    {
      key: 'expires',
      header: t('keys.col_expires'),
      priority: 3,
      cell: (key) => key.expires_at && <RelativeTime at={key.expires_at} />,
    },
    {
      key: 'used',
      header: t('keys.col_used'),
      priority: 2,
      cell: (key) => lastUsed(key.last_used_at),
    },
    {
      key: 'actions',
      header: t('keys.col_actions'),
      isHeaderHidden: true,
      align: 'end',
      cell: (key) =>
        isManager &&
        key.status !== 'revoked' && (
          <ChoiceMenu
            label={t('keys.actions_of', { id: key.id })}
            position="bottom-end"
            target={
              <button
                type="button"
                className="icon-button"
                aria-label={t('keys.actions_of', { id: key.id })}
              >
                <IconDotsVertical aria-hidden="true" />
              </button>
            }
          >
            {key.kind === 'hs256' && key.status === 'active' && (
              <Menu.Item onClick={() => setOpen({ kind: 'rotate', key })}>
                {t('keys.rotate')}
              </Menu.Item>
            )}
            <Menu.Item color="cabai" onClick={() => setOpen({ kind: 'revoke', key })}>
              {t('keys.revoke')}
            </Menu.Item>
          </ChoiceMenu>
        ),
    },
  ];
  const apiKeyColumns: readonly Column<ApiKey>[] = [
    { key: 'name', header: t('api_keys.col_name'), cell: (key) => key.name },
    {
      key: 'prefix',
      header: t('api_keys.col_prefix'),
      cell: (key) => <code className="mono">{key.prefix}…</code>,
    },
    {
      key: 'used',
      header: t('keys.col_used'),
      priority: 2,
      cell: (key) => lastUsed(key.last_used_at),
    },
    {
      key: 'created',
      header: t('api_keys.col_created'),
      priority: 3,
      cell: (key) => <RelativeTime at={key.created_at} />,
    },
    {
      key: 'revoke',
      header: t('keys.col_actions'),
      isHeaderHidden: true,
      align: 'end',
      cell: (key) =>
        isManager && (
          <button
            type="button"
            className="row-action"
            onClick={() => setOpen({ kind: 'revoke_api_key', key })}
          >
            {t('keys.revoke')}
          </button>
        ),
    },
  ];
  const create = (
    <Button
      leftSection={<IconPlus size={18} aria-hidden="true" />}
      onClick={() => setOpen({ kind: 'create' })}
    >
      {t('keys.create')}
    </Button>
  );
  const createApiKey = (
    <Button variant="default" size="xs" onClick={() => setOpen({ kind: 'create_api_key' })}>
      {t('api_keys.create')}
    </Button>
  );
  return (
    <Page title={t('keys.heading')} lead={t('keys.lead')} action={isManager && create}>
      <DataTable
        label={t('keys.heading')}
        columns={keyColumns}
        list={keys}
        rowKey={(key) => key.id}
        empty={
          <EmptyState icon={<IconKey />} title={t('keys.empty_title')} action={isManager && create}>
            {t('keys.empty_text')}
          </EmptyState>
        }
      />
      <Section
        title={t('api_keys.heading')}
        lead={t('api_keys.lead')}
        action={isManager && apiKeys.rows.length > 0 && createApiKey}
      >
        <DataTable
          label={t('api_keys.heading')}
          columns={apiKeyColumns}
          list={apiKeys}
          rowKey={(key) => key.id}
          empty={
            <EmptyState
              icon={<IconApi />}
              title={t('api_keys.empty_title')}
              action={isManager && createApiKey}
            >
              {t('api_keys.empty_text')}
            </EmptyState>
          }
        />
      </Section>
      {open?.kind === 'create' && (
        <CreateKeyDialog tenant={tenant} app={app.id} onCreated={refresh} onClose={close} />
      )}
      {open?.kind === 'create_api_key' && (
        <CreateApiKeyDialog tenant={tenant} app={app.id} onCreated={refresh} onClose={close} />
      )}
      {open?.kind === 'rotate' && (
        <RotateKeyDialog
          tenant={tenant}
          app={app.id}
          keyId={open.key.id}
          onRotated={refresh}
          onClose={close}
        />
      )}
      {open?.kind === 'revoke' && (
        <ConfirmDialog
          title={t('keys.revoke_title', { id: open.key.id })}
          consequence={t('keys.revoke_consequence')}
          action={t('keys.revoke')}
          nameToType={open.key.id}
          isBusy={revoke.isPending}
          error={revoke.error}
          onConfirm={() => revoke.mutate(open.key.id)}
          onClose={close}
        />
      )}
      {open?.kind === 'revoke_api_key' && (
        <ConfirmDialog
          title={t('api_keys.revoke_title', { name: open.key.name })}
          consequence={t('api_keys.revoke_consequence')}
          action={t('keys.revoke')}
          nameToType={open.key.name}
          isBusy={revokeApi.isPending}
          error={revokeApi.error}
          onConfirm={() => revokeApi.mutate(open.key.id)}
          onClose={close}
        />
      )}
    </Page>
  );
}
