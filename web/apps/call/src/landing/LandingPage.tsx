import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { PageFrame } from '../controls/PageFrame';
import { EnterRoom } from './EnterRoom';
import styles from './LandingPage.module.css';

/** The start page: what this is, and the way into a room. */
export function LandingPage(): ReactNode {
  const { t } = useTranslation('pages');
  const { host } = window.location;

  return (
    <PageFrame
      size="wide"
      aside={
        <a className={styles.signIn} href="/dashboard">
          {t('landing.sign_in')}
        </a>
      }
    >
      <div className={styles.columns}>
        <div>
          <h1 className={styles.heading}>{t('landing.heading')}</h1>
          <p className={styles.lead}>{t('landing.lead')}</p>
          <EnterRoom appId={null} />
        </div>
        <section className={styles.how}>
          <h2 className={styles.howHeading}>{t('landing.how_heading')}</h2>
          <p className={styles.address}>
            {host}/<mark>app-id</mark>/<mark>room</mark>
          </p>
          <ul className={styles.facts}>
            <li>{t('landing.how_link')}</li>
            <li>{t('landing.how_docs')}</li>
            <li>{t('landing.how_token')}</li>
          </ul>
        </section>
      </div>
    </PageFrame>
  );
}
