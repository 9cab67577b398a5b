import { Button, Menu } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { shownError, useProof } from '../account/ProofProvider';
import {
  type ApiKey,
  type AppKey,
  listApiKeys,
  listKeys,
  revealSecret,
  revokeApiKey,
  revokeKey,
} from '../api/appKeys';
import { useKeysetQuery } from '../api/useKeysetQuery';
import { wholeList } from '../api/wholeList';
import { IconApi, IconDotsVertical, IconKey, IconPlus } from '../icons';
import { Code } from '../parts/Code';
import { ConfirmDialog } from '../parts/ConfirmDialog';
import { CopyField } from '../parts/CopyField';
import { type Column, DataTable } from '../parts/DataTable';
import { Dialog } from '../parts/Dialog';
import { EmptyState } from '../parts/EmptyState';
import { Page } from '../parts/Page';
import { ProblemNotice } from '../parts/ProblemNotice';
import { RelativeTime } from '../parts/RelativeTime';
import { Section } from '../parts/Section';
import { Stack } from '../parts/Stack';
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
  | { readonly kind: 'secret'; readonly key: AppKey; readonly secret: string }
  | { readonly kind: 'revoke_api_key'; readonly key: ApiKey };

const STATUS_TONES = {
  active: 'good',
  retiring: 'attention',
  retired: 'neutral',
  revoked: 'neutral',
} as const;

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
  const of = { tenant, app: app.id };
  const listKey = ['tenant', tenant, 'app', app.id];
  const keys = useKeysetQuery([...listKey, 'keys'], (cursor, signal) =>
    listKeys(of, cursor, signal),
  );
  const apiKeyList = useQuery({
    queryKey: [...listKey, 'api_keys'],
    queryFn: ({ signal }) => listApiKeys(of, signal),
  });
  const apiKeys = wholeList(apiKeyList);
  const close = () => setOpen(null);
  const refresh = () => {
    queries.invalidateQueries({ queryKey: listKey }).catch(() => undefined);
  };
  const done = () => {
    close();
    refresh();
  };
  const revoke = useMutation({
    mutationFn: (key: string) => revokeKey(of, key),
    onSuccess: done,
  });
  const revokeApi = useMutation({
    mutationFn: (key: string) => revokeApiKey(of, key),
    onSuccess: done,
  });
  const withProof = useProof();
  const reveal = useMutation({
    mutationFn: (key: AppKey) => withProof(() => revealSecret(of, key.id)),
    onSuccess: (secret, key) => setOpen({ kind: 'secret', key, secret }),
  });
  const isManager = mayChange('keys');
  const revealError = shownError(reveal.error);
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
        isAlive(key) && (
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
            {key.kind === 'hs256' && (
              <Menu.Item onClick={() => reveal.mutate(key)}>{t('keys.reveal')}</Menu.Item>
            )}
            {key.status === 'active' && (
              <Menu.Item onClick={() => setOpen({ kind: 'rotate', key })}>
                {t('keys.rotate')}
              </Menu.Item>
            )}
            <Menu.Item data-tone="danger" onClick={() => setOpen({ kind: 'revoke', key })}>
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
            aria-label={t('keys.revoke_of', { name: key.name })}
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
      {revealError && <ProblemNotice error={revealError} />}
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
      {open?.kind === 'create' && <CreateKeyDialog of={of} onCreated={refresh} onClose={close} />}
      {open?.kind === 'create_api_key' && (
        <CreateApiKeyDialog of={of} onCreated={refresh} onClose={close} />
      )}
      {open?.kind === 'rotate' && (
        <RotateKeyDialog of={of} old={open.key} onRotated={refresh} onClose={close} />
      )}
      {open?.kind === 'secret' && (
        <Dialog title={t('keys.secret_title')} onClose={close}>
          <Stack>
            <CopyField label={t('keys.col_id')} value={open.key.id} />
            <CopyField label={t('key_new.secret')} value={open.secret} />
            <Button onClick={close}>{t('key_new.done')}</Button>
          </Stack>
        </Dialog>
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

/** Whether a key still signs. */
function isAlive({ status }: AppKey): boolean {
  return status === 'active' || status === 'retiring';
}
