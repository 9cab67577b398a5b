import { ApiProblem } from '@jumpa/api-client';
import { Button, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link, useRouter, useSearch } from '@tanstack/react-router';
import { type ReactNode, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { login, meQuery, startIdentityLogin } from '../api/me';
import { PasswordField } from '../parts/PasswordField';
import { ProblemNotice } from '../parts/ProblemNotice';
import { SignInFrame } from '../shell/SignInFrame';
import { CodeField } from './CodeField';
import { FormCard } from './FormCard';

/** E-mail and password, then a code where the person has a second factor. */
export function LoginPage(): ReactNode {
  const { next, email: invited, problem } = useSearch({ from: '/login' });
  const { t } = useTranslation('people');
  const queries = useQueryClient();
  const router = useRouter();
  const [email, setEmail] = useState(invited ?? '');
  const [asksForEmail, setAsksForEmail] = useState(false);
  const emailField = useRef<HTMLInputElement>(null);
  const [password, setPassword] = useState('');
  const [needsCode, setNeedsCode] = useState(false);
  const attempt = useMutation({
    mutationFn: (code?: string) =>
      login({ email: email.trim(), password, ...(code !== undefined && { code }) }),
    onSuccess: (me) => {
      queries.clear();
      queries.setQueryData(meQuery.queryKey, me);
      router.history.push(insideDashboard(next, router.options.basepath ?? '/'));
    },
    onError: (error) => {
      if (hasCode(error, 'second_factor_required')) setNeedsCode(true);
    },
  });
  const departure = useMutation({
    mutationFn: () =>
      startIdentityLogin({
        email: email.trim(),
        next: insideDashboard(next, router.options.basepath ?? '/'),
      }),
    onSuccess: ({ url }) => window.location.assign(url),
  });
  const returned = problem && !attempt.error && !departure.error ? cameBackWith(problem) : null;
  const shownError = attempt.error ?? departure.error ?? returned;
  const back = () => {
    setNeedsCode(false);
    attempt.reset();
  };

  if (needsCode) {
    return (
      <SignInFrame>
        <SecondFactorCard
          error={hasCode(attempt.error, 'second_factor_required') ? null : attempt.error}
          isBusy={attempt.isPending}
          onCode={(code) => attempt.mutate(code)}
          onBack={back}
        />
      </SignInFrame>
    );
  }
  return (
    <SignInFrame>
      <FormCard
        title={t('login.heading')}
        lead={t('login.lead')}
        onSubmit={() => {
          departure.reset();
          attempt.mutate(undefined);
        }}
        foot={
          <Link to="/forgot_password" search={email.trim() === '' ? {} : { email: email.trim() }}>
            {t('login.forgot')}
          </Link>
        }
      >
        {shownError && <ProblemNotice error={shownError} />}
        <TextInput
          size="md"
          label={t('person.email')}
          type="email"
          value={email}
          autoComplete="username"
          required
          withAsterisk={false}
          ref={emailField}
          error={asksForEmail && t('login.email_for_organisation')}
          onChange={(event) => {
            setAsksForEmail(false);
            setEmail(event.currentTarget.value);
          }}
        />
        <PasswordField
          size="md"
          label={t('person.password')}
          value={password}
          autoComplete="current-password"
          required
          withAsterisk={false}
          onChange={(event) => setPassword(event.currentTarget.value)}
        />
        <Button type="submit" size="md" loading={attempt.isPending}>
          {t('login.action')}
        </Button>
        <Button
          variant="default"
          size="md"
          loading={departure.isPending || departure.isSuccess}
          onClick={() => {
            if (email.trim() === '') {
              setAsksForEmail(true);
              emailField.current?.focus();
              return;
            }
            attempt.reset();
            departure.mutate();
          }}
        >
          {t('login.with_organisation')}
        </Button>
      </FormCard>
    </SignInFrame>
  );
}

interface SecondFactorCardProps {
  error: Error | null;
  isBusy: boolean;
  onCode: (code: string) => void;
  onBack: () => void;
}

function SecondFactorCard({ error, isBusy, onCode, onBack }: SecondFactorCardProps): ReactNode {
  const { t } = useTranslation('people');
  const [code, setCode] = useState('');
  const [kind, setKind] = useState<'app' | 'recovery'>('app');
  const switchKind = () => {
    setKind(kind === 'app' ? 'recovery' : 'app');
    setCode('');
  };
  return (
    <FormCard
      title={t('second_factor.heading')}
      lead={kind === 'app' ? t('second_factor.lead_app') : t('second_factor.lead_recovery')}
      onSubmit={() => onCode(code.trim())}
      foot={
        <button type="button" onClick={onBack}>
          {t('second_factor.back')}
        </button>
      }
    >
      {error && <ProblemNotice error={error} />}
      <CodeField key={kind} kind={kind} value={code} hasFocus onChange={setCode} onFull={onCode} />
      <Button type="submit" size="md" loading={isBusy} disabled={code.trim() === ''}>
        {t('login.action')}
      </Button>
      <Button variant="subtle" size="md" onClick={switchKind}>
        {kind === 'app' ? t('second_factor.use_recovery') : t('second_factor.use_app')}
      </Button>
    </FormCard>
  );
}

/** The refusal of a login that came back from an identity provider. */
function cameBackWith(code: string): ApiProblem {
  return new ApiProblem({ code }, { status: 403, requestId: null, retryAfterMs: null });
}

function hasCode(error: Error | null, code: string): boolean {
  return error instanceof ApiProblem && error.code === code;
}

/** The wanted path when it lies inside the dashboard, else the start: a link must not lead away. */
export function insideDashboard(next: string | undefined, basepath: string): string {
  const start = basepath.replace(/\/$/, '');
  return next?.startsWith(`${start}/`) && !next.includes('//') ? next : start || '/';
}
