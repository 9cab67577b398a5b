import { Button } from '@mantine/core';
import { useQueryClient, useSuspenseQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { logout, meQuery } from '../api/me';
import { SignInFrame } from '../shell/SignInFrame';
import { FormCard } from './FormCard';

/** Signed in, and a member of nothing: says whom to ask. */
export function NoAreaPage(): ReactNode {
  const { t } = useTranslation('people');
  const { data: me } = useSuspenseQuery(meQuery);
  const queries = useQueryClient();
  const navigate = useNavigate();
  const signOut = async () => {
    await logout().catch(() => undefined);
    queries.clear();
    await navigate({ to: '/login' });
  };
  return (
    <SignInFrame>
      <FormCard title={t('no_area.heading')} lead={t('no_area.text', { email: me.email })}>
        <Button
          variant="default"
          size="md"
          onClick={() => {
            signOut().catch(() => undefined);
          }}
        >
          {t('no_area.sign_out')}
        </Button>
      </FormCard>
    </SignInFrame>
  );
}
