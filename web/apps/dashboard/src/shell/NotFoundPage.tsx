import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { LinkButton } from '../parts/LinkButton';
import { FormCard } from '../people/FormCard';
import { SignInFrame } from './SignInFrame';

/** An address that leads nowhere. */
export function NotFoundPage(): ReactNode {
  const { t } = useTranslation();
  return (
    <SignInFrame>
      <FormCard title={t('not_found.title')} lead={t('not_found.text')}>
        <LinkButton to="/" size="md">
          {t('not_found.home')}
        </LinkButton>
      </FormCard>
    </SignInFrame>
  );
}
