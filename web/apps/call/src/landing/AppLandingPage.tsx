import { type ReactNode, useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { BrandProvider } from '../branding/BrandContext';
import { schemeOf } from '../branding/brandLook';
import { PageFrame } from '../controls/PageFrame';
import { AppProblem } from '../prejoin/AppProblem';
import { type AppInfo, useAppInfo } from '../session/useAppInfo';
import { EnterRoom } from './EnterRoom';
import styles from './LandingPage.module.css';

export interface AppLandingPageProps {
  appId: string;
  /** Told which scheme the app's look asks for; `null` leaves it to the person. */
  onScheme: (scheme: 'light' | 'dark' | null) => void;
}

/** The start page on the own domain of an app: whose it is, and the way into a room. */
export function AppLandingPage({ appId, onScheme }: AppLandingPageProps): ReactNode {
  const { t } = useTranslation();
  const { info, retry } = useAppInfo(appId);
  const scheme = info.status === 'ready' ? schemeOf(info.app.branding) : null;
  useEffect(() => onScheme(scheme), [onScheme, scheme]);

  if (info.status === 'unknown' || info.status === 'unreachable') {
    return <AppProblem status={info.status} onRetry={retry} />;
  }
  if (info.status === 'loading') {
    return (
      <PageFrame>
        <p role="status">{t('page.loading')}</p>
      </PageFrame>
    );
  }
  return (
    <BrandProvider name={info.app.name} branding={info.app.branding}>
      <AppLanding app={info.app} />
    </BrandProvider>
  );
}

/** The same once the app is known. */
export function AppLanding({ app }: { app: AppInfo }): ReactNode {
  const { t } = useTranslation('pages');
  useEffect(() => {
    document.title = app.name;
  }, [app.name]);
  return (
    <PageFrame>
      <h1 className={styles.heading}>{app.name}</h1>
      <p className={styles.lead}>{app.branding.welcomeText ?? t('app_landing.lead')}</p>
      <EnterRoom appId={app.id} />
    </PageFrame>
  );
}
