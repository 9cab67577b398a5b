import { Notice } from '@jumpa/ui';
import { Button, PasswordInput, TextInput } from '@mantine/core';
import { type FormEvent, type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { IconAlertTriangle } from '../icons';
import { ApiError, login, type Me } from './api';
import styles from './FormPage.module.css';

export interface LoginFormProps {
  onLoggedIn: (me: Me) => void;
}

/** E-mail and password of the people who run the server. */
export function LoginForm({ onLoggedIn }: LoginFormProps): ReactNode {
  const { t } = useTranslation('pages');
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const [failure, setFailure] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setFailure(null);
    try {
      onLoggedIn(await login(email.trim(), password));
    } catch (error) {
      setFailure(error instanceof ApiError ? error.code : 'internal');
    } finally {
      setBusy(false);
    }
  };

  return (
    <form className={styles.form} onSubmit={submit}>
      <div>
        <h1 className={styles.heading}>{t('login.heading')}</h1>
        <p className={styles.lead}>{t('login.lead')}</p>
      </div>
      {failure && <LoginFailure code={failure} />}
      <TextInput
        label={t('login.email')}
        type="email"
        value={email}
        autoComplete="username"
        required
        withAsterisk={false}
        onChange={(event) => setEmail(event.currentTarget.value)}
      />
      <PasswordInput
        label={t('login.password')}
        value={password}
        autoComplete="current-password"
        required
        withAsterisk={false}
        onChange={(event) => setPassword(event.currentTarget.value)}
      />
      <Button type="submit" size="lg" loading={isBusy}>
        {t('login.action')}
      </Button>
    </form>
  );
}

function LoginFailure({ code }: { code: string }): ReactNode {
  const { t } = useTranslation('pages');
  if (code === 'login_failed' || code === 'invalid_value') {
    return (
      <Notice tone="danger" icon={<IconAlertTriangle />} title={t('login.wrong')}>
        {t('login.wrong_help')}
      </Notice>
    );
  }
  if (code === 'too_many_attempts') {
    return (
      <Notice tone="danger" icon={<IconAlertTriangle />} title={t('login.too_many')}>
        {t('login.too_many_help')}
      </Notice>
    );
  }
  const text = code === 'server_unreachable' ? t('error.unreachable') : t('error.other');
  return <Notice tone="danger" icon={<IconAlertTriangle />} title={text} />;
}
