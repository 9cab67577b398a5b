import { RadioCards } from '@jumpa/ui';
import { TextInput } from '@mantine/core';
import { type FormEvent, type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { PlatformSettings } from '../../api/platformSettings';
import { Card } from '../../parts/Card';
import { Fields } from '../../parts/Fields';
import { ProblemNotice } from '../../parts/ProblemNotice';
import { looksLikeEmail } from '../../people/personRules';
import { SaveFoot } from './SaveFoot';
import { useChangeSettings } from './useChangeSettings';

const LANGUAGES = ['id', 'en'] as const;

/** How the platform names itself, which language it begins with, where people ask for help. */
export function PlatformCard({ settings }: { settings: PlatformSettings }): ReactNode {
  const { t } = useTranslation(['platform', 'common']);
  const stored = {
    name: settings.name,
    language: settings.language,
    support_email: settings.support_email ?? '',
    support_url: settings.support_url ?? '',
  };
  const [values, setValues] = useState(stored);
  const change = useChangeSettings();
  const isSame = JSON.stringify(values) === JSON.stringify(stored);
  const mistakes = {
    name: values.name.trim() === '' && t('settings.name_missing'),
    email:
      values.support_email !== '' &&
      !looksLikeEmail(values.support_email) &&
      t('settings.email_wrong'),
    url: values.support_url !== '' && !isPage(values.support_url) && t('settings.url_wrong'),
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (Object.values(mistakes).some(Boolean)) return;
    change.mutate({
      name: values.name.trim(),
      language: values.language,
      support_email: values.support_email || null,
      support_url: values.support_url || null,
    });
  };
  const set = (part: Partial<typeof values>) => setValues({ ...values, ...part });
  return (
    <form onSubmit={submit} noValidate>
      <Card
        title={t('settings.platform')}
        layout="beside"
        lead={t('settings.platform_lead')}
        foot={<SaveFoot isSame={isSame} isBusy={change.isPending} isSaved={change.isSuccess} />}
      >
        <Fields>
          {change.error && <ProblemNotice error={change.error} />}
          <TextInput
            label={t('settings.name')}
            description={t('settings.name_help')}
            value={values.name}
            maxLength={80}
            error={mistakes.name}
            onChange={(event) => set({ name: event.currentTarget.value })}
          />
          <RadioCards
            label={t('settings.language')}
            value={values.language}
            options={LANGUAGES.map((value) => ({ value, label: t(`common:language.${value}`) }))}
            onChoose={(language) => set({ language })}
          />
          <p className="quiet">{t('settings.language_help')}</p>
          <TextInput
            type="email"
            label={t('settings.support_email')}
            description={t('settings.support_help')}
            placeholder="bantuan@call.example"
            value={values.support_email}
            maxLength={254}
            error={mistakes.email}
            onChange={(event) => set({ support_email: event.currentTarget.value.trim() })}
          />
          <TextInput
            type="url"
            label={t('settings.support_url')}
            placeholder="https://"
            value={values.support_url}
            maxLength={2_048}
            error={mistakes.url}
            onChange={(event) => set({ support_url: event.currentTarget.value.trim() })}
          />
        </Fields>
      </Card>
    </form>
  );
}

function isPage(text: string): boolean {
  return URL.canParse(text) && new URL(text).protocol === 'https:';
}
