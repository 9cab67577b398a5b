import { Notice } from '@jumpa/ui';
import { Button, PasswordInput, TextInput } from '@mantine/core';
import { type FormEvent, type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { MessagePage } from '../controls/MessagePage';
import { PageFrame } from '../controls/PageFrame';
import { IconAlertTriangle, IconLink } from '../icons';
import { ApiError, firstLogin } from './api';
import styles from './FormPage.module.css';

/** Shortest password, characters, as the server asks. */
const MIN_PASSWORD_CHARS = 10;

type Problem = 'name' | 'email' | 'password';

export interface WelcomePageProps {
  token: string | null;
}

/** The first login: whoever holds the link becomes the operator. */
export function WelcomePage({ token }: WelcomePageProps): ReactNode {
  const { t } = useTranslation('pages');
  const [name, setName] = useState('');
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const [problems, setProblems] = useState<ReadonlySet<Problem>>(new Set());
  const [failure, setFailure] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);

  if (!token || failure === 'one_time_token_invalid') {
    return (
      <MessagePage
        icon={<IconLink />}
        tone="attention"
        title={token ? t('welcome.link_used_title') : t('welcome.no_token_title')}
        text={token ? t('welcome.link_used_text') : t('welcome.no_token_text')}
        actions={
          <Button component="a" href="/operator">
            {t('welcome.to_login')}
          </Button>
        }
      />
    );
  }

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const found = new Set<Problem>();
    if (name.trim() === '') found.add('name');
    if (!/^[^\s@]+@[^\s@]+$/.test(email.trim())) found.add('email');
    if ([...password].length < MIN_PASSWORD_CHARS) found.add('password');
    setProblems(found);
    if (found.size > 0) return;
    setBusy(true);
    setFailure(null);
    try {
      await firstLogin({ token, email: email.trim(), name: name.trim(), password });
      window.location.assign('/operator');
    } catch (error) {
      setFailure(error instanceof ApiError ? error.code : 'internal');
      setBusy(false);
    }
  };

  return (
    <PageFrame>
      <form className={styles.form} onSubmit={submit} noValidate>
        <div>
          <h1 className={styles.heading}>{t('welcome.heading')}</h1>
          <p className={styles.lead}>{t('welcome.lead')}</p>
        </div>
        {failure && (
          <Notice tone="danger" icon={<IconAlertTriangle />} title={failureText(failure, t)} />
        )}
        <TextInput
          label={t('welcome.name')}
          value={name}
          autoComplete="name"
          error={problems.has('name') && t('welcome.name_missing')}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <TextInput
          label={t('welcome.email')}
          type="email"
          value={email}
          autoComplete="username"
          error={problems.has('email') && t('welcome.email_invalid')}
          onChange={(event) => setEmail(event.currentTarget.value)}
        />
        <PasswordInput
          label={t('welcome.password')}
          description={t('welcome.password_help', { count: MIN_PASSWORD_CHARS })}
          value={password}
          autoComplete="new-password"
          error={
            problems.has('password') && t('welcome.password_short', { count: MIN_PASSWORD_CHARS })
          }
          onChange={(event) => setPassword(event.currentTarget.value)}
        />
        <Button type="submit" size="lg" loading={isBusy}>
          {t('welcome.action')}
        </Button>
      </form>
    </PageFrame>
  );
}

function failureText(code: string, t: ReturnType<typeof useTranslation<'pages'>>['t']): string {
  if (code === 'server_unreachable') return t('error.unreachable');
  if (code === 'too_many_attempts') return `${t('login.too_many')} ${t('login.too_many_help')}`;
  return t('error.other');
}
