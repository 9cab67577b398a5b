import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Overview } from '../../api/numbers';
import { LinkButton } from '../../parts/LinkButton';
import { useClient } from '../useClient';
import styles from './OverviewPage.module.css';

/** What goes on at this moment. */
export function LiveNow({ live }: Pick<Overview, 'live'>): ReactNode {
  const { t } = useTranslation('numbers');
  const { tenantId } = useClient();
  return (
    <section
      className={styles.live}
      data-live={live.calls > 0}
      aria-label={t('overview.live')}
      aria-live="polite"
    >
      <span className={styles.mark}>
        <span className={styles.pulse} aria-hidden="true" />
        {t('overview.live')}
      </span>
      {live.calls === 0 ? (
        <span>{t('overview.live_none')}</span>
      ) : (
        <>
          <span>{t('overview.live_calls', { count: live.calls })}</span>
          <span>{t('overview.live_people', { count: live.participants })}</span>
          <span className={styles.toRooms}>
            <LinkButton size="xs" variant="default" to="/t/$tenantId/rooms" params={{ tenantId }}>
              {t('overview.to_rooms')}
            </LinkButton>
          </span>
        </>
      )}
    </section>
  );
}
