import { ApiProblem } from '@jumpa/api-client';
import { Button } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useSearch } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { resetPassword } from '../api/links';
import { LinkButton } from '../parts/LinkButton';
import { ProblemNotice } from '../parts/ProblemNotice';
import { SignInFrame } from '../shell/SignInFrame';
import { FormCard } from './FormCard';
import { NewPasswordField } from './NewPasswordField';
import { isLongEnough } from './personRules';

/** Where the link of the mail leads: a new password. */
export function ResetPasswordPage(): ReactNode {
  const { token } = useSearch({ from: '/reset_password' });
  const { t } = useTranslation('people');
  const [password, setPassword] = useState('');
  const [isShort, setShort] = useState(false);
  const reset = useMutation({ mutationFn: resetPassword });
  const isUsed = reset.error instanceof ApiProblem && reset.error.code === 'one_time_token_invalid';

  if (reset.isSuccess) {
    return (
      <SignInFrame>
        <FormCard title={t('reset.done_heading')} lead={t('reset.done_text')}>
          <LinkButton to="/login" size="md">
            {t('login.action')}
          </LinkButton>
        </FormCard>
      </SignInFrame>
    );
  }
  if (!token || isUsed) {
    return (
      <SignInFrame>
        <FormCard title={t('reset.link_used_heading')} lead={t('reset.link_used_text')}>
          <LinkButton to="/forgot_password" size="md">
            {t('reset.to_forgot')}
          </LinkButton>
        </FormCard>
      </SignInFrame>
    );
  }
  const submit = () => {
    setShort(!isLongEnough(password));
    if (isLongEnough(password)) reset.mutate({ token, password });
  };
  return (
    <SignInFrame>
      <FormCard title={t('reset.heading')} lead={t('reset.lead')} onSubmit={submit}>
        {reset.error && <ProblemNotice error={reset.error} />}
        <NewPasswordField value={password} isShort={isShort} onChange={setPassword} />
        <Button type="submit" size="md" loading={reset.isPending}>
          {t('reset.action')}
        </Button>
      </FormCard>
    </SignInFrame>
  );
}
