import { Notice } from '@jumpa/ui';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { type AppUsageLimits, limitsQuery } from '../../api/numbers';
import { IconAlertTriangle } from '../../icons';
import { Answered } from '../../parts/Answered';
import { Card } from '../../parts/Card';
import { Meter } from '../../parts/Meter';
import { SkeletonLines } from '../../parts/SkeletonLines';
import { useLimitWords } from '../../parts/useLimitWords';
import { useNumberWords } from '../../parts/useNumberWords';
import { useClient } from '../useClient';
import styles from './UsagePage.module.css';

/** What each app uses of what it may use; what runs out is said first. */
export function Limits(): ReactNode {
  const { t } = useTranslation('numbers');
  const { tenantId } = useClient();
  const query = useQuery(limitsQuery(tenantId));
  return (
    <Answered
      query={query}
      failed={t('limits.failed')}
      skeleton={
        <Card>
          <SkeletonLines count={4} />
        </Card>
      }
    >
      {({ data }) => (
        <>
          <Alerts apps={data} />
          <div className={styles.cards}>
            {data.map((app) => (
              <AppCard key={app.app_id} app={app} />
            ))}
          </div>
        </>
      )}
    </Answered>
  );
}

function Alerts({ apps }: { apps: readonly AppUsageLimits[] }): ReactNode {
  const { t } = useTranslation('numbers');
  const words = useNumberWords();
  return apps.flatMap((app) =>
    app.limits
      .filter(({ alert }) => alert !== 'none')
      .map(({ name, alert, ratio }) => (
        <Notice
          key={`${app.app_id} ${name}`}
          tone={alert === 'reached' ? 'danger' : 'attention'}
          isUrgent={false}
          icon={<IconAlertTriangle />}
          title={t(`limits.alert_${alert === 'reached' ? 'reached' : 'warning'}`, {
            app: app.app_name,
            limit: t(`limits.${name}`),
            share: words.wholeShare(ratio ?? 1),
          })}
        >
          {alert === 'reached' ? t(`limits.effect.${name}`) : t('limits.ask')}
        </Notice>
      )),
  );
}

function AppCard({ app }: { app: AppUsageLimits }): ReactNode {
  const { t } = useTranslation('numbers');
  const words = useNumberWords();
  const limitWords = useLimitWords();
  return (
    <Card title={app.app_name} lead={<code className="mono">{app.app_id}</code>}>
      <ul className={styles.limits}>
        {app.limits.map(({ name, used, limit, ratio, alert }) => {
          const amount = (value: number) =>
            name === 'storage_bytes' ? limitWords(name, value) : words.count(value);
          const told =
            limit === null
              ? t('limits.unlimited', { used: amount(used) })
              : t('limits.of', { used: amount(used), limit: amount(limit) });
          return (
            <li key={name}>
              <Meter
                label={t(`limits.${name}`)}
                told={told}
                share={limit === null ? null : (ratio ?? 0)}
                alert={alert}
              />
            </li>
          );
        })}
      </ul>
    </Card>
  );
}
