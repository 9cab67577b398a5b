import { RadioCards } from '@jumpa/ui';
import { type FormEvent, type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { AppLimits } from '../../api/clientApps';
import type { PlatformSettings } from '../../api/platformSettings';
import { Card } from '../../parts/Card';
import { ProblemNotice } from '../../parts/ProblemNotice';
import { Stack } from '../../parts/Stack';
import { LimitFields } from '../LimitFields';
import { limitTexts, readLimits } from '../limitTexts';
import { SaveFoot } from './SaveFoot';
import { useChangeSettings } from './useChangeSettings';

const NOTHING_WRONG: ReadonlySet<keyof AppLimits> = new Set();

/** What a new app is, and how much it may use in each environment. */
export function NewAppsCard({ settings }: { settings: PlatformSettings }): ReactNode {
  const { t } = useTranslation(['platform', 'operator', 'client']);
  const stored = {
    environment: settings.new_app_environment,
    trial: limitTexts(settings.trial_limits),
    production: limitTexts(settings.production_limits),
  };
  const [values, setValues] = useState(stored);
  const [wrong, setWrong] = useState({ trial: NOTHING_WRONG, production: NOTHING_WRONG });
  const change = useChangeSettings();
  const isSame = JSON.stringify(values) === JSON.stringify(stored);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const [trial, production] = [readLimits(values.trial), readLimits(values.production)];
    setWrong({ trial: trial.wrong, production: production.wrong });
    if (trial.limits && production.limits) {
      change.mutate({
        new_app_environment: values.environment,
        trial_limits: trial.limits,
        production_limits: production.limits,
      });
    }
  };
  return (
    <form onSubmit={submit} noValidate>
      <Card
        title={t('settings.new_apps')}
        layout="beside"
        lead={t('settings.new_apps_lead')}
        foot={<SaveFoot isSame={isSame} isBusy={change.isPending} isSaved={change.isSuccess} />}
      >
        <Stack>
          {change.error && <ProblemNotice error={change.error} />}
          <RadioCards
            label={t('operator:app.environment')}
            value={values.environment}
            options={(['trial', 'production'] as const).map((value) => ({
              value,
              label: t(`client:environment.${value}`),
              help: t(`operator:app.environment_help.${value}`),
            }))}
            onChoose={(environment) => setValues({ ...values, environment })}
          />
          {(['trial', 'production'] as const).map((environment) => (
            <fieldset key={environment} className="plain-fieldset">
              <legend>{t(`settings.limits_of.${environment}`)}</legend>
              <LimitFields
                texts={values[environment]}
                wrong={wrong[environment]}
                onChange={(texts) => setValues({ ...values, [environment]: texts })}
              />
            </fieldset>
          ))}
        </Stack>
      </Card>
    </form>
  );
}
