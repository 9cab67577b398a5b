import { Button } from '@mantine/core';
import { type ReactNode, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { PageFrame } from '../controls/PageFrame';
import { AppList } from './AppList';
import { fetchMe, logout, type Me } from './api';
import { LoginForm } from './LoginForm';
import styles from './OperatorPage.module.css';

/** The operator's home, or the way in. */
export function OperatorPage(): ReactNode {
  const { t } = useTranslation('pages');
  const [me, setMe] = useState<Me | null | 'asking'>('asking');

  useEffect(() => {
    document.title = 'Jumpa';
    fetchMe()
      .then(setMe)
      // Whoever is not signed in, or cannot be asked, sees the form; it tells what is wrong.
      .catch(() => setMe(null));
  }, []);

  if (me === 'asking') {
    return (
      <PageFrame>
        <p role="status">{t('operator.loading')}</p>
      </PageFrame>
    );
  }
  if (!me) {
    return (
      <PageFrame>
        <LoginForm onLoggedIn={setMe} />
      </PageFrame>
    );
  }
  const signOut = () => {
    // Whatever the server says, this page forgets who was here.
    logout()
      .catch(() => undefined)
      .finally(() => setMe(null));
  };
  return (
    <PageFrame
      size="wide"
      isTop
      aside={
        <>
          <span className={styles.who}>{t('operator.signed_in_as', { name: me.name })}</span>
          <Button size="sm" variant="default" onClick={signOut}>
            {t('operator.sign_out')}
          </Button>
        </>
      }
    >
      <AppList />
    </PageFrame>
  );
}
