import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import styles from './CallerView.module.css';
import type { Rule } from './recordingRule';

/** What happens in calls under each rule, in the order in which it can. */
const MOMENTS = {
  asked: ['begins', 'refuses'],
  every: ['begins', 'refuses', 'no_recorder', 'lost'],
  required: ['begins', 'refuses', 'no_recorder', 'lost'],
} as const satisfies Record<Rule, readonly string[]>;

/** What callers see of a rule, so that nobody has to try it with patients. */
export function CallerView({ rule }: { rule: Rule }): ReactNode {
  const { t } = useTranslation('recordings');
  return (
    <section className={styles.callers}>
      <h3 className={styles.heading}>{t('rule.callers')}</h3>
      <dl className={styles.moments}>
        {MOMENTS[rule].map((moment) => (
          <div key={moment} className={styles.moment}>
            <dt>{t(`rule.moment.${moment}`)}</dt>
            <dd>{t(`rule.${rule}_sees.${moment}` as 'rule.required_sees.lost')}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
