import { Checkbox } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, type ReactNode, useState } from 'react';
import '@mantine/core/styles/Checkbox.layer.css';
import { RadioCards } from '@jumpa/ui';
import { useTranslation } from 'react-i18next';
import type { AppLimits } from '../api/clientApps';
import { changeOperatorApp, type OperatorApp } from '../api/operatorApps';
import { Dialog, DialogActions } from '../parts/Dialog';
import { ProblemNotice } from '../parts/ProblemNotice';
import { Stack } from '../parts/Stack';
import { LimitFields } from './LimitFields';
import { limitTexts, readLimits } from './limitTexts';

export interface AppLimitsDialogProps {
  app: OperatorApp;
  onClose: () => void;
}

/** What an app may use: its environment, its limits, its own domain, whether it runs. */
export function AppLimitsDialog({ app, onClose }: AppLimitsDialogProps): ReactNode {
  const { t } = useTranslation(['operator', 'client']);
  const queries = useQueryClient();
  const [environment, setEnvironment] = useState(app.environment);
  const [isDisabled, setDisabled] = useState(app.is_disabled);
  const [takesDomain, setTakesDomain] = useState(false);
  const domain = app.branding.own_domain;
  const [texts, setTexts] = useState(() => limitTexts(app.limits));
  const [wrong, setWrong] = useState<ReadonlySet<keyof AppLimits>>(new Set());
  const change = useMutation({
    mutationFn: (limits: AppLimits) =>
      changeOperatorApp(app.id, {
        environment,
        is_disabled: isDisabled,
        limits,
        ...(takesDomain && { own_domain: null }),
      }),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['operator'] });
      onClose();
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const read = readLimits(texts);
    setWrong(read.wrong);
    if (read.limits) change.mutate(read.limits);
  };
  return (
    <Dialog title={t('app.title', { name: app.name })} size="wide" onClose={onClose}>
      <form onSubmit={submit} noValidate>
        <Stack>
          {change.error && <ProblemNotice error={change.error} />}
          <RadioCards
            label={t('app.environment')}
            value={environment}
            options={(['trial', 'production'] as const).map((value) => ({
              value,
              label: t(`client:environment.${value}`),
              help: t(`app.environment_help.${value}`),
            }))}
            onChoose={setEnvironment}
          />
          <p className="quiet">{t('app.limits_help')}</p>
          <LimitFields texts={texts} wrong={wrong} onChange={setTexts} />
          <Checkbox
            label={t('app.disabled')}
            checked={isDisabled}
            onChange={(event) => setDisabled(event.currentTarget.checked)}
          />
          {domain !== null && (
            <Checkbox
              label={t('app.take_domain', { domain })}
              checked={takesDomain}
              onChange={(event) => setTakesDomain(event.currentTarget.checked)}
            />
          )}
          <DialogActions label={t('client.save')} isBusy={change.isPending} onCancel={onClose} />
        </Stack>
      </form>
    </Dialog>
  );
}
