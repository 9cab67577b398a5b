import { Button, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { Link, useSearch } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { requestPasswordReset } from '../api/links';
import { LinkButton } from '../parts/LinkButton';
import { ProblemNotice } from '../parts/ProblemNotice';
import { SignInFrame } from '../shell/SignInFrame';
import { FormCard } from './FormCard';
import { looksLikeEmail } from './personRules';

/** Asks for the mail with which a new password is chosen. */
export function ForgotPasswordPage(): ReactNode {
  const { email: known } = useSearch({ from: '/forgot_password' });
  const { t } = useTranslation('people');
  const [email, setEmail] = useState(known ?? '');
  const [isWrong, setWrong] = useState(false);
  const request = useMutation({ mutationFn: requestPasswordReset });
  const submit = () => {
    setWrong(!looksLikeEmail(email));
    if (looksLikeEmail(email)) request.mutate(email.trim());
  };
  if (request.isSuccess) {
    return (
      <SignInFrame>
        <FormCard
          title={t('forgot.sent_heading')}
          lead={t('forgot.sent_text', { email: email.trim() })}
          foot={t('forgot.sent_help')}
        >
          <LinkButton to="/login" size="md">
            {t('forgot.to_login')}
          </LinkButton>
        </FormCard>
      </SignInFrame>
    );
  }
  return (
    <SignInFrame>
      <FormCard
        title={t('forgot.heading')}
        lead={t('forgot.lead')}
        onSubmit={submit}
        foot={<Link to="/login">{t('forgot.to_login')}</Link>}
      >
        {request.error && <ProblemNotice error={request.error} />}
        <TextInput
          size="md"
          label={t('person.email')}
          type="email"
          value={email}
          autoComplete="username"
          error={isWrong && t('person.email_invalid')}
          onChange={(event) => setEmail(event.currentTarget.value)}
        />
        <Button type="submit" size="md" loading={request.isPending}>
          {t('forgot.action')}
        </Button>
      </FormCard>
    </SignInFrame>
  );
}
