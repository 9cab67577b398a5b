import { Button, ColorInput, Textarea, TextInput } from '@mantine/core';
import '@mantine/core/styles/ColorInput.layer.css';
import '@mantine/core/styles/ColorPicker.layer.css';
import '@mantine/core/styles/ColorSwatch.layer.css';
import '@mantine/core/styles/Popover.layer.css';
import { type FormEvent, type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Branding } from '../../api/clientApps';
import { Card } from '../../parts/Card';
import { Fields } from '../../parts/Fields';
import { Page } from '../../parts/Page';
import { ProblemNotice } from '../../parts/ProblemNotice';
import { useApp } from '../useApp';
import { useChangeApp } from '../useChangeApp';
import { WithApp } from '../WithApp';
import styles from './BrandingPage.module.css';
import { BrandingPreview } from './BrandingPreview';
import { type BrandingField, brandingProblems } from './brandingProblems';

/** The app's own look, with what callers will see beside it. */
export function BrandingPage(): ReactNode {
  const { t } = useTranslation('client');
  return (
    <WithApp>
      <Page title={t('branding.heading')} lead={t('branding.lead')}>
        <BrandingForm />
      </Page>
    </WithApp>
  );
}

function BrandingForm(): ReactNode {
  const { t } = useTranslation('client');
  const { app, mayChange } = useApp();
  const [values, setValues] = useState(app.branding);
  const [wrong, setWrong] = useState<ReadonlySet<BrandingField>>(new Set());
  const change = useChangeApp();
  const isManager = mayChange('apps');
  const isSame = JSON.stringify(values) === JSON.stringify(app.branding);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const problems = brandingProblems(values);
    setWrong(problems);
    if (problems.size === 0) change.mutate({ branding: values });
  };
  const field = (name: keyof Branding) => ({
    label: t(`branding.${name}`),
    value: values[name] ?? '',
    readOnly: !isManager,
    onChange: (event: { currentTarget: { value: string } }) => set(name, event.currentTarget.value),
  });
  const set = (name: keyof Branding, text: string) =>
    setValues((before) => ({ ...before, [name]: text === '' ? null : text }));
  const color = (name: 'accent_color' | 'background_color') => (
    <ColorInput
      label={t(`branding.${name}`)}
      placeholder={t('branding.color_default')}
      format="hex"
      eyeDropperButtonProps={{
        'aria-label': t('branding.color_pick', { name: t(`branding.${name}`) }),
      }}
      value={values[name] ?? ''}
      readOnly={!isManager}
      error={wrong.has(name) && t('branding.color_wrong')}
      onChange={(text) => set(name, text.toLowerCase())}
    />
  );
  return (
    <div className={styles.columns}>
      <form onSubmit={submit} noValidate>
        <Card
          title={t('branding.look')}
          foot={
            isManager && (
              <>
                <span role="status">{change.isSuccess && isSame && t('access.saved')}</span>
                <Button type="submit" loading={change.isPending} disabled={isSame}>
                  {t('access.save')}
                </Button>
              </>
            )
          }
        >
          <Fields>
            {change.error && <ProblemNotice error={change.error} />}
            <TextInput {...field('display_name')} placeholder={app.name} maxLength={80} />
            <TextInput
              {...field('logo_url')}
              description={t('branding.logo_help')}
              placeholder="https://kliniksehat.example/logo.svg"
              maxLength={2048}
              error={wrong.has('logo_url') && t('branding.logo_wrong')}
            />
            {color('accent_color')}
            {color('background_color')}
            <Textarea
              {...field('welcome_text')}
              description={t('branding.welcome_help')}
              maxLength={500}
              rows={3}
            />
            <TextInput
              {...field('own_domain')}
              description={t('branding.domain_help')}
              placeholder="call.kliniksehat.example"
              maxLength={253}
              error={wrong.has('own_domain') && t('branding.domain_wrong')}
            />
          </Fields>
        </Card>
      </form>
      <BrandingPreview appName={app.name} branding={values} />
    </div>
  );
}
