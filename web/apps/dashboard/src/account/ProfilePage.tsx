import { LANGUAGES, SelectField } from '@jumpa/ui';
import { Button, TextInput } from '@mantine/core';
import { useMutation, useQueryClient, useSuspenseQuery } from '@tanstack/react-query';
import { type FormEvent, type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { changeMe } from '../api/account';
import { type Me, meQuery } from '../api/me';
import { Card } from '../parts/Card';
import { Fields } from '../parts/Fields';
import { Page } from '../parts/Page';
import { ProblemNotice } from '../parts/ProblemNotice';

/** The name that others read, and the language of mails. */
export function ProfilePage(): ReactNode {
  const { t } = useTranslation('people');
  const { data: me } = useSuspenseQuery(meQuery);
  return (
    <Page title={t('profile.heading')} lead={t('profile.lead')}>
      <Profile key={me.id} me={me} />
    </Page>
  );
}

function Profile({ me }: { me: Me }): ReactNode {
  const { t } = useTranslation(['people', 'common']);
  const queries = useQueryClient();
  const [name, setName] = useState(me.name);
  const [language, setLanguage] = useState(me.language);
  const change = useMutation({
    mutationFn: () => changeMe({ name: name.trim(), language }),
    onSuccess: (changed) => queries.setQueryData(meQuery.queryKey, changed),
  });
  const isSame = name.trim() === me.name && language === me.language;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (name.trim() !== '') change.mutate();
  };
  return (
    <form onSubmit={submit} noValidate>
      <Card
        title={t('profile.card')}
        layout="beside"
        foot={
          <>
            <span role="status">{change.isSuccess && isSame && t('profile.saved')}</span>
            <Button type="submit" loading={change.isPending} disabled={isSame}>
              {t('profile.save')}
            </Button>
          </>
        }
      >
        <Fields>
          {change.error && <ProblemNotice error={change.error} />}
          <TextInput
            label={t('person.name')}
            value={name}
            autoComplete="name"
            maxLength={80}
            error={name.trim() === '' && t('person.name_missing')}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <TextInput
            label={t('person.email')}
            description={t('profile.email_help')}
            value={me.email}
            readOnly
          />
          <SelectField
            label={t('profile.language')}
            value={language}
            options={LANGUAGES.map((value) => ({
              value,
              label: t(`common:language.${value}`),
            }))}
            onChoose={(value) => {
              const chosen = LANGUAGES.find((candidate) => candidate === value);
              if (chosen) setLanguage(chosen);
            }}
          />
        </Fields>
      </Card>
    </form>
  );
}
