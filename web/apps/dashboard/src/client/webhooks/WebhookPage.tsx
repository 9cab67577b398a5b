import { Notice } from '@jumpa/ui';
import { Button, Menu } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate, useParams } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { appsQuery } from '../../api/clientApps';
import {
  changeWebhook,
  deleteWebhook,
  resumeWebhook,
  rotateWebhookSecret,
  testWebhook,
  type Webhook,
  webhookQuery,
  webhooksKey,
} from '../../api/webhooks';
import { IconAlertTriangle, IconDotsVertical } from '../../icons';
import { Answered } from '../../parts/Answered';
import { Card } from '../../parts/Card';
import { later } from '../../parts/later';
import { Page } from '../../parts/Page';
import { ProblemNotice } from '../../parts/ProblemNotice';
import { RelativeTime } from '../../parts/RelativeTime';
import { SecretOnce } from '../../parts/SecretOnce';
import { SkeletonLines } from '../../parts/SkeletonLines';
import { ChoiceMenu } from '../../shell/ChoiceMenu';
import { useClient } from '../useClient';
import { Deliveries } from './Deliveries';
import { WebhookState } from './WebhookState';
import styles from './Webhooks.module.css';
import { EVERY_EVENT } from './webhookEvents';

const ConfirmDialog = later(async () => (await import('../../parts/ConfirmDialog')).ConfirmDialog);
const Dialog = later(async () => (await import('../../parts/Dialog')).Dialog);
const WebhookDialog = later(async () => (await import('./WebhookDialog')).WebhookDialog);

/** One endpoint: its state, what it hears of, and what was delivered. */
export function WebhookPage(): ReactNode {
  const { t } = useTranslation('webhooks');
  const { tenantId: tenant } = useClient();
  const { webhookId = '' } = useParams({ strict: false });
  const query = useQuery(webhookQuery(tenant, webhookId));
  const { data } = query;
  return (
    <Page
      title={data?.url ?? t('endpoint')}
      parent={
        <Link to="/t/$tenantId/webhooks" params={{ tenantId: tenant }}>
          {t('heading')}
        </Link>
      }
      action={data && <Actions webhook={data} />}
    >
      <Answered
        query={query}
        failed={t('failed')}
        skeleton={
          <Card>
            <SkeletonLines count={4} />
          </Card>
        }
      >
        {(webhook) => (
          <>
            <Trouble webhook={webhook} />
            <Facts webhook={webhook} />
            <Deliveries webhook={webhook} />
          </>
        )}
      </Answered>
    </Page>
  );
}

/** Says why nothing is delivered, and lets it go on. */
function Trouble({ webhook }: { webhook: Webhook }): ReactNode {
  const { t } = useTranslation('webhooks');
  const { tenantId: tenant, mayChange } = useClient();
  const queries = useQueryClient();
  const resume = useMutation({
    mutationFn: () => resumeWebhook(tenant, webhook.id),
    onSuccess: () => queries.invalidateQueries({ queryKey: webhooksKey(tenant) }),
  });
  if (!webhook.is_paused && !webhook.failing_since) return null;
  const isAsked = webhook.pause_reason === 'requested';
  const title = !webhook.is_paused
    ? t('trouble.failing')
    : isAsked
      ? t('trouble.paused')
      : t('trouble.stopped');
  const text = !webhook.is_paused
    ? t('trouble.failing_text')
    : isAsked
      ? t('trouble.paused_text')
      : webhook.pause_reason === 'gone'
        ? t('trouble.gone_text')
        : t('trouble.stopped_text');
  return (
    <>
      <Notice
        tone={webhook.is_paused && !isAsked ? 'danger' : 'attention'}
        isUrgent={false}
        icon={<IconAlertTriangle />}
        title={title}
        actions={
          webhook.is_paused &&
          mayChange('webhooks') && (
            <Button
              size="xs"
              variant="default"
              loading={resume.isPending}
              onClick={() => resume.mutate()}
            >
              {t('resume')}
            </Button>
          )
        }
      >
        {text}{' '}
        {webhook.failing_since && !isAsked && webhook.pause_reason !== 'gone' && (
          <RelativeTime at={webhook.failing_since} />
        )}
      </Notice>
      {resume.error && <ProblemNotice error={resume.error} />}
    </>
  );
}

function Facts({ webhook }: { webhook: Webhook }): ReactNode {
  const { t } = useTranslation('webhooks');
  const { tenantId: tenant } = useClient();
  const apps = useQuery(appsQuery(tenant)).data ?? [];
  const { app_id, events } = webhook;
  return (
    <Card>
      <dl className={styles.facts}>
        <div>
          <dt>{t('state_of')}</dt>
          <dd>
            <WebhookState webhook={webhook} />
          </dd>
        </div>
        <div>
          <dt>{t('app')}</dt>
          <dd>
            {app_id === null
              ? t('every_app')
              : (apps.find(({ id }) => id === app_id)?.name ?? app_id)}
          </dd>
        </div>
        <div>
          <dt>{t('format')}</dt>
          <dd>{t(`formats.${webhook.format}`)}</dd>
        </div>
        <div>
          <dt>{t('created')}</dt>
          <dd>
            <RelativeTime at={webhook.created_at} />
          </dd>
        </div>
        <div>
          <dt>{t('events')}</dt>
          <dd>
            {events.includes(EVERY_EVENT) ? (
              t('every_event')
            ) : (
              <ul className={styles.events}>
                {events.map((event) => (
                  <li key={event}>{event}</li>
                ))}
              </ul>
            )}
          </dd>
        </div>
      </dl>
    </Card>
  );
}

function Actions({ webhook }: { webhook: Webhook }): ReactNode {
  const { t } = useTranslation('webhooks');
  const { tenantId: tenant, mayChange } = useClient();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const [open, setOpen] = useState<'edit' | 'rotate' | 'delete' | 'pause' | null>(null);
  const close = () => setOpen(null);
  const refresh = () => queries.invalidateQueries({ queryKey: webhooksKey(tenant) });
  const test = useMutation({
    mutationFn: () => testWebhook(tenant, webhook.id),
    onSettled: refresh,
  });
  const rotate = useMutation({ mutationFn: () => rotateWebhookSecret(tenant, webhook.id) });
  const pause = useMutation({
    mutationFn: () => changeWebhook(tenant, webhook.id, { is_paused: true }),
    onSuccess: () => {
      close();
      return refresh();
    },
  });
  const remove = useMutation({
    mutationFn: () => deleteWebhook(tenant, webhook.id),
    onSuccess: async () => {
      await navigate({ to: '/t/$tenantId/webhooks', params: { tenantId: tenant } });
      await refresh();
    },
  });
  if (!mayChange('webhooks')) return null;
  return (
    <>
      <Button variant="default" loading={test.isPending} onClick={() => test.mutate()}>
        {t('test')}
      </Button>
      <Button variant="default" onClick={() => setOpen('edit')}>
        {t('edit')}
      </Button>
      <ChoiceMenu
        label={t('more')}
        position="bottom-end"
        target={
          <button type="button" className="icon-button" aria-label={t('more')}>
            <IconDotsVertical aria-hidden="true" />
          </button>
        }
      >
        <Menu.Item onClick={() => setOpen('rotate')}>{t('rotate')}</Menu.Item>
        {!webhook.is_paused && <Menu.Item onClick={() => setOpen('pause')}>{t('pause')}</Menu.Item>}
        <Menu.Divider />
        <Menu.Item data-tone="danger" onClick={() => setOpen('delete')}>
          {t('delete')}
        </Menu.Item>
      </ChoiceMenu>
      {test.error && (
        <Dialog title={t('test_failed')} onClose={test.reset}>
          <ProblemNotice error={test.error} />
        </Dialog>
      )}
      {open === 'edit' && (
        <WebhookDialog
          webhook={webhook}
          onSaved={() => {
            refresh().catch(() => undefined);
          }}
          onClose={close}
        />
      )}
      {open === 'rotate' &&
        (rotate.data ? (
          <Dialog title={t('rotated_title')} isSticky onClose={close}>
            <SecretOnce
              label={t('secret')}
              secret={rotate.data.secret}
              onDone={() => {
                rotate.reset();
                close();
              }}
            >
              <p>{t('rotated_text')}</p>
            </SecretOnce>
          </Dialog>
        ) : (
          <ConfirmDialog
            title={t('rotate_title')}
            consequence={t('rotate_consequence')}
            action={t('rotate')}
            isDanger={false}
            isBusy={rotate.isPending}
            error={rotate.error}
            onConfirm={rotate.mutate}
            onClose={close}
          />
        ))}
      {open === 'pause' && (
        <ConfirmDialog
          title={t('pause_title')}
          consequence={t('pause_consequence')}
          action={t('pause')}
          isDanger={false}
          isBusy={pause.isPending}
          error={pause.error}
          onConfirm={pause.mutate}
          onClose={close}
        />
      )}
      {open === 'delete' && (
        <ConfirmDialog
          title={t('delete_title')}
          consequence={t('delete_consequence')}
          action={t('delete')}
          nameToType={new URL(webhook.url).host}
          isBusy={remove.isPending}
          error={remove.error}
          onConfirm={remove.mutate}
          onClose={close}
        />
      )}
    </>
  );
}
