import { Button } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import {
  type DeliveryDetail,
  deliveryQuery,
  resendDelivery,
  webhooksKey,
} from '../../api/webhooks';
import { Answered } from '../../parts/Answered';
import { Dialog } from '../../parts/Dialog';
import { Moment } from '../../parts/Moment';
import { ProblemNotice } from '../../parts/ProblemNotice';
import { SkeletonLines } from '../../parts/SkeletonLines';
import { SnippetBox } from '../../parts/SnippetBox';
import { Stack } from '../../parts/Stack';
import { useNumberWords } from '../../parts/useNumberWords';
import { useClient } from '../useClient';
import { useZone } from '../useZone';
import { DeliveryDot } from './Deliveries';
import styles from './Webhooks.module.css';

export interface DeliveryDialogProps {
  id: string;
  onClose: () => void;
}

/** What was sent, and what each attempt was answered. */
export function DeliveryDialog({ id, onClose }: DeliveryDialogProps): ReactNode {
  const { t } = useTranslation('webhooks');
  const { tenantId: tenant } = useClient();
  const query = useQuery(deliveryQuery(tenant, id));
  return (
    <Dialog title={query.data?.event_type ?? t('delivery_title')} size="wide" onClose={onClose}>
      <Answered query={query} failed={t('delivery_failed')} skeleton={<SkeletonLines count={6} />}>
        {(delivery) => <Detail delivery={delivery} />}
      </Answered>
    </Dialog>
  );
}

function Detail({ delivery }: { delivery: DeliveryDetail }): ReactNode {
  const { t } = useTranslation('webhooks');
  const words = useNumberWords();
  const zone = useZone();
  const { tenantId: tenant, mayChange } = useClient();
  const queries = useQueryClient();
  const resend = useMutation({
    mutationFn: () => resendDelivery(tenant, delivery.id),
    onSuccess: () => queries.invalidateQueries({ queryKey: webhooksKey(tenant) }),
  });
  return (
    <Stack>
      <div className={styles.line}>
        <DeliveryDot delivery={delivery} />
        {mayChange('webhooks') && (
          <Button
            size="xs"
            variant="default"
            loading={resend.isPending}
            onClick={() => resend.mutate()}
          >
            {t('resend')}
          </Button>
        )}
      </div>
      {resend.error && <ProblemNotice error={resend.error} />}
      <SnippetBox
        label={t('request')}
        snippets={[{ name: t('request'), code: pretty(delivery.request_body) }]}
      />
      <p className={styles.heading}>{t('attempt_count', { count: delivery.attempts })}</p>
      <ol className={styles.attempts}>
        {delivery.attempts_log.map(({ at, status_code, error, duration_ms, response_body }) => (
          <li key={at} className={styles.attempt}>
            <div className={styles.line}>
              <span className={status_code === null ? undefined : styles.code}>
                {status_code ?? t('no_answer')}
              </span>
              <span className={styles.muted}>
                <Moment at={at} zone={zone} show="time" /> · {words.milliseconds(duration_ms)}
              </span>
            </div>
            {error && <p className={styles.muted}>{error}</p>}
            {response_body && (
              // biome-ignore lint/a11y/noNoninteractiveTabindex: a scroll area must be reachable by keyboard
              <pre className={styles.body} tabIndex={0}>
                {response_body}
              </pre>
            )}
          </li>
        ))}
      </ol>
    </Stack>
  );
}

/** JSON with line breaks; anything else as it is. */
function pretty(body: string): string {
  try {
    return JSON.stringify(JSON.parse(body), null, 2);
  } catch {
    return body;
  }
}
