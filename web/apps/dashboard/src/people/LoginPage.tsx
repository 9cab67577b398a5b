import { Button, PasswordInput, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useRouter, useSearch } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { login, meQuery } from '../api/me';
import { ProblemNotice } from '../parts/ProblemNotice';
import { SignInFrame } from '../shell/SignInFrame';
import { FormCard } from './FormCard';

/** E-mail and password. */
export function LoginPage(): ReactNode {
  const { next } = useSearch({ from: '/login' });
  const { t } = useTranslation('people');
  const queries = useQueryClient();
  const router = useRouter();
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const attempt = useMutation({
    mutationFn: () => login({ email: email.trim(), password }),
    onSuccess: (me) => {
      queries.clear();
      queries.setQueryData(meQuery.queryKey, me);
      router.history.push(insideDashboard(next, router.options.basepath ?? '/'));
    },
  });

  return (
    <SignInFrame>
      <FormCard title={t('login.heading')} lead={t('login.lead')} onSubmit={() => attempt.mutate()}>
        {attempt.error && <ProblemNotice error={attempt.error} />}
        <TextInput
          size="md"
          label={t('person.email')}
          type="email"
          value={email}
          autoComplete="username"
          required
          withAsterisk={false}
          onChange={(event) => setEmail(event.currentTarget.value)}
        />
        <PasswordInput
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
      </FormCard>
    </SignInFrame>
  );
}

/** The wanted path when it lies inside the dashboard, else the start: a link must not lead away. */
export function insideDashboard(next: string | undefined, basepath: string): string {
  const start = basepath.replace(/\/$/, '');
  return next?.startsWith(`${start}/`) && !next.includes('//') ? next : start || '/';
}
