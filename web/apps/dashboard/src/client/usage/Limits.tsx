import { Notice } from '@jumpa/ui';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { type AppLimits, type LimitUse, limitsQuery } from '../../api/numbers';
import { IconAlertTriangle } from '../../icons';
import { Answered } from '../../parts/Answered';
import { Card } from '../../parts/Card';
import { SkeletonLines } from '../../parts/SkeletonLines';
import { useNumberWords } from '../../parts/useNumberWords';
import { useClient } from '../useClient';
import styles from './UsagePage.module.css';

const NAMES = [
  'minutes_per_month',
  'max_calls',
  'max_participants',
  'recordings_at_once',
  'storage_bytes',
  'retention_days',
] as const;
type Name = (typeof NAMES)[number];

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

/** Limits that this page has words for. */
function knownOf(app: AppLimits): readonly (LimitUse & { readonly known: Name })[] {
  return app.limits.flatMap((limit) => {
    const known = NAMES.find((name) => name === limit.name);
    return known ? [{ ...limit, known }] : [];
  });
}

function Alerts({ apps }: { apps: readonly AppLimits[] }): ReactNode {
  const { t } = useTranslation('numbers');
  const words = useNumberWords();
  return apps.flatMap((app) =>
    knownOf(app)
      .filter(({ alert }) => alert !== 'none')
      .map(({ known, alert, ratio }) => (
        <Notice
          key={`${app.app_id} ${known}`}
          tone={alert === 'reached' ? 'danger' : 'attention'}
          isUrgent={false}
          icon={<IconAlertTriangle />}
          title={t(`limits.alert_${alert === 'reached' ? 'reached' : 'warning'}`, {
            app: app.app_name,
            limit: t(`limits.${known}`),
            share: words.wholeShare(ratio ?? 1),
          })}
        >
          {alert === 'reached' ? t(`limits.effect.${known}`) : t('limits.ask')}
        </Notice>
      )),
  );
}

function AppCard({ app }: { app: AppLimits }): ReactNode {
  const { t } = useTranslation('numbers');
  const words = useNumberWords();
  const format = (name: Name, value: number) =>
    name === 'storage_bytes' ? words.bytes(value) : words.count(value);
  return (
    <Card title={app.app_name} lead={<code className="mono">{app.app_id}</code>}>
      <ul className={styles.limits}>
        {knownOf(app).map(({ known, used, limit, ratio, alert }) => {
          const told =
            limit === null
              ? t('limits.unlimited', { used: format(known, used) })
              : t('limits.of', { used: format(known, used), limit: format(known, limit) });
          return (
            <li key={known}>
              <span className={styles.name}>{t(`limits.${known}`)}</span>
              <span className={styles.use}>{told}</span>
              {limit !== null && (
                <meter
                  className={styles.meter}
                  data-alert={alert}
                  aria-label={t(`limits.${known}`)}
                  aria-valuetext={told}
                  min={0}
                  max={1}
                  value={Math.min(ratio ?? 0, 1)}
                />
              )}
            </li>
          );
        })}
      </ul>
    </Card>
  );
}
