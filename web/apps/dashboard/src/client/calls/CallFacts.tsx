import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { CallDetail } from '../../api/calls';
import { appsQuery } from '../../api/clientApps';
import { Card } from '../../parts/Card';
import { Code } from '../../parts/Code';
import { Moment } from '../../parts/Moment';
import { StatusDot } from '../../parts/StatusDot';
import { useNumberWords } from '../../parts/useNumberWords';
import { useClient } from '../useClient';
import { useZone } from '../useZone';
import styles from './CallPage.module.css';
import { leaveText } from './callEvents';
import { QualityDot } from './QualityDot';

/** What a call was, in one look. */
export function CallFacts({ call }: { call: CallDetail }): ReactNode {
  const { t } = useTranslation(['numbers', 'client']);
  const words = useNumberWords();
  const zone = useZone();
  const { tenantId } = useClient();
  const apps = useQuery(appsQuery(tenantId)).data ?? [];
  const { rating } = call;
  const facts: readonly { readonly name: string; readonly value: ReactNode }[] = [
    {
      name: t('call.state'),
      value: call.is_live ? (
        <StatusDot tone="attention">{t('calls.live')}</StatusDot>
      ) : (
        <StatusDot tone="neutral">
          {call.end_reason ? leaveText(call.end_reason, t) : t('calls.state_ended')}
        </StatusDot>
      ),
    },
    { name: t('calls.started'), value: <Moment at={call.started_at} zone={zone} /> },
    { name: t('calls.length'), value: words.length(call.duration_s) },
    { name: t('calls.participants'), value: words.count(call.participants) },
    { name: t('call.peak'), value: words.count(call.peak_participants) },
    { name: t('calls.minutes'), value: words.minutes(call.participant_minutes) },
    { name: t('calls.quality'), value: <QualityDot quality={call.quality} /> },
    {
      name: t('call.rating'),
      value:
        rating.average === null
          ? t('call.no_rating')
          : t('call.rating_of', { average: words.minutes(rating.average), count: rating.count }),
    },
    {
      name: t('client:filter.app'),
      value: apps.find(({ id }) => id === call.app_id)?.name ?? call.app_id,
    },
    { name: t('call.id'), value: <Code copy={call.id} /> },
  ];
  return (
    <Card>
      <dl className={styles.facts}>
        {facts.map(({ name, value }) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </Card>
  );
}
