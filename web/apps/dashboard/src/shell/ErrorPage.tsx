import { type ErrorComponentProps, useRouter } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { ProblemNotice } from '../parts/ProblemNotice';
import { SupportLinks } from '../parts/SupportLinks';
import { FormCard } from '../people/FormCard';
import { SignInFrame } from './SignInFrame';

/** A screen that could not be prepared: what happened, and the way to try again. */
export function ErrorPage({ error, reset }: ErrorComponentProps): ReactNode {
  const { t } = useTranslation();
  const router = useRouter();
  const retry = () => {
    reset();
    router.invalidate().catch(() => undefined);
  };
  return (
    <SignInFrame>
      <FormCard title={t('screen_failed')}>
        <ProblemNotice
          error={error instanceof Error ? error : new Error(String(error))}
          onRetry={retry}
        />
        <SupportLinks />
      </FormCard>
    </SignInFrame>
  );
}
