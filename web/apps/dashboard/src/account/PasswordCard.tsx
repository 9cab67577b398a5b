import { Button } from '@mantine/core';
import { useMutation, useQueryClient, useSuspenseQuery } from '@tanstack/react-query';
import { type FormEvent, type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { changePassword, sessionsQuery } from '../api/account';
import { meQuery } from '../api/me';
import { Card } from '../parts/Card';
import { Fields } from '../parts/Fields';
import { PasswordField } from '../parts/PasswordField';
import { ProblemNotice } from '../parts/ProblemNotice';
import { NewPasswordField } from '../people/NewPasswordField';
import { isLongEnough } from '../people/personRules';

const EMPTY = { current: '', next: '' };

/** Another password; it ends every other session. */
export function PasswordCard(): ReactNode {
  const { t } = useTranslation('people');
  const { data: me } = useSuspenseQuery(meQuery);
  const queries = useQueryClient();
  const [values, setValues] = useState(EMPTY);
  const [isShort, setShort] = useState(false);
  const change = useMutation({
    mutationFn: () =>
      changePassword({ current_password: values.current, new_password: values.next }),
    onSuccess: async () => {
      setValues(EMPTY);
      await queries.invalidateQueries({ queryKey: sessionsQuery.queryKey });
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setShort(!isLongEnough(values.next));
    if (isLongEnough(values.next)) change.mutate();
  };
  return (
    <form onSubmit={submit} noValidate>
      <Card
        title={t('password.title')}
        layout="beside"
        lead={t('password.lead')}
        foot={
          <>
            <span role="status">{change.isSuccess && t('password.done')}</span>
            <Button
              type="submit"
              loading={change.isPending}
              disabled={values.current === '' || values.next === ''}
            >
              {t('password.action')}
            </Button>
          </>
        }
      >
        <Fields>
          {change.error && <ProblemNotice error={change.error} />}
          {/* Password managers store under the name that stands here. */}
          <input type="text" autoComplete="username" value={me.email} readOnly hidden />
          <PasswordField
            label={t('password.current')}
            value={values.current}
            autoComplete="current-password"
            maxLength={256}
            onChange={(event) => {
              const current = event.currentTarget.value;
              setValues((before) => ({ ...before, current }));
            }}
          />
          <NewPasswordField
            size="sm"
            label={t('password.next')}
            value={values.next}
            isShort={isShort}
            onChange={(next) => setValues((before) => ({ ...before, next }))}
          />
        </Fields>
      </Card>
    </form>
  );
}
