import { ApiProblem } from '@jumpa/api-client';
import { Button, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { firstLogin, meQuery } from '../api/me';
import { LinkButton } from '../parts/LinkButton';
import { ProblemNotice } from '../parts/ProblemNotice';
import { SignInFrame } from '../shell/SignInFrame';
import { FormCard } from './FormCard';
import { NewPasswordField } from './NewPasswordField';
import { isLongEnough, looksLikeEmail } from './personRules';

type Field = 'name' | 'email' | 'password';

/** The first login: whoever holds the printed link becomes the operator. */
export function WelcomePage(): ReactNode {
  const { token } = useSearch({ from: '/welcome' });
  const { t } = useTranslation('people');
  const queries = useQueryClient();
  const navigate = useNavigate();
  const [values, setValues] = useState({ name: '', email: '', password: '' });
  const [wrong, setWrong] = useState<ReadonlySet<Field>>(new Set());
  const login = useMutation({
    mutationFn: firstLogin,
    onSuccess: async (me) => {
      queries.setQueryData(meQuery.queryKey, me);
      await navigate({ to: '/' });
    },
  });

  const isUsed = login.error instanceof ApiProblem && login.error.code === 'one_time_token_invalid';
  if (!token || isUsed) {
    return (
      <SignInFrame>
        <FormCard
          title={isUsed ? t('welcome.link_used_title') : t('welcome.no_token_title')}
          lead={isUsed ? t('welcome.link_used_text') : t('welcome.no_token_text')}
        >
          <LinkButton to="/login" size="md">
            {t('welcome.to_login')}
          </LinkButton>
        </FormCard>
      </SignInFrame>
    );
  }

  const set = (field: Field) => (event: { currentTarget: { value: string } }) => {
    const { value } = event.currentTarget;
    setValues((before) => ({ ...before, [field]: value }));
  };
  const submit = () => {
    const found = new Set<Field>();
    if (values.name.trim() === '') found.add('name');
    if (!looksLikeEmail(values.email)) found.add('email');
    if (!isLongEnough(values.password)) found.add('password');
    setWrong(found);
    if (found.size > 0) return;
    login.mutate({
      token,
      email: values.email.trim(),
      name: values.name.trim(),
      password: values.password,
    });
  };
  return (
    <SignInFrame>
      <FormCard title={t('welcome.heading')} lead={t('welcome.lead')} onSubmit={submit}>
        {login.error && <ProblemNotice error={login.error} />}
        <TextInput
          size="md"
          label={t('person.name')}
          value={values.name}
          autoComplete="name"
          error={wrong.has('name') && t('person.name_missing')}
          onChange={set('name')}
        />
        <TextInput
          size="md"
          label={t('person.email')}
          type="email"
          value={values.email}
          autoComplete="username"
          error={wrong.has('email') && t('person.email_invalid')}
          onChange={set('email')}
        />
        <NewPasswordField
          value={values.password}
          isShort={wrong.has('password')}
          onChange={(password) => setValues((before) => ({ ...before, password }))}
        />
        <Button type="submit" size="md" loading={login.isPending}>
          {t('welcome.action')}
        </Button>
      </FormCard>
    </SignInFrame>
  );
}
