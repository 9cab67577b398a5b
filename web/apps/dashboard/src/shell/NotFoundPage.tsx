import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { FormCard } from '../people/FormCard';
import { SignInFrame } from './SignInFrame';

/** An address that leads nowhere. */
export function NotFoundPage(): ReactNode {
  const { t } = useTranslation();
  return (
    <SignInFrame>
      <FormCard title={t('not_found.title')} lead={t('not_found.text')}>
        <Button component={Link} to="/" size="md">
          {t('not_found.home')}
        </Button>
      </FormCard>
    </SignInFrame>
  );
}
