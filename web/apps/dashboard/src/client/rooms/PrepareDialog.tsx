import { Button, NativeSelect, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, type ReactNode, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ClientApp } from '../../api/clientApps';
import { isPrepared, type PreparedRoom, preparedKey, prepareRoom } from '../../api/preparedRooms';
import { Dialog, DialogActions } from '../../parts/Dialog';
import { ProblemNotice } from '../../parts/ProblemNotice';
import { Stack } from '../../parts/Stack';
import { RuleFields } from '../recording_settings/RuleFields';
import {
  roomRuleForm,
  ruleBody,
  ruleForm,
  strictestRule,
} from '../recording_settings/recordingRule';
import { useRule } from '../recording_settings/useRule';
import { PreparationFields } from './PreparationFields';
import styles from './PrepareDialog.module.css';
import {
  type PreparationProblem,
  preparationBody,
  preparationForm,
  preparationProblems,
} from './preparation';

export interface PrepareDialogProps {
  tenant: string;
  /** At least one. */
  apps: readonly ClientApp[];
  /** The app that is chosen at first. */
  app: ClientApp;
  /** What is prepared already, of that app; `null` for a room that is not. */
  before: PreparedRoom | null;
  /** IANA name of the clock that times follow. */
  zone: string;
  isReadOnly?: boolean;
  onClose: () => void;
}

/** How the next call of a room begins: who may come in, how it is recorded, until when that holds. */
export function PrepareDialog({
  tenant,
  apps,
  app: firstApp,
  before,
  zone,
  isReadOnly = false,
  onClose,
}: PrepareDialogProps): ReactNode {
  const { t } = useTranslation(['rooms', 'common']);
  const queries = useQueryClient();
  const [app, setApp] = useState(firstApp);
  const [form, setForm] = useState(() => preparationForm(before, zone));
  const [problems, setProblems] = useState<readonly PreparationProblem[]>([]);
  const rule = useRule({ tenant, app: app.id }, () => roomRuleForm(before, app));
  const place = { tenant, app: app.id, room: form.room.trim() };
  const save = useMutation({
    mutationFn: async () => {
      if (before === null && (await isPrepared(place))) return 'was_prepared';
      const body = { ...preparationBody(form, before, zone), ...ruleBody(rule.form) };
      await prepareRoom(place, body);
      return 'saved';
    },
    onSuccess: (outcome) => {
      if (outcome === 'was_prepared') return;
      onClose();
      return queries.invalidateQueries({ queryKey: preparedKey(tenant) });
    },
  });
  const wasPrepared = save.data === 'was_prepared';
  const change = (more: Partial<typeof form>) => {
    setForm({ ...form, ...more });
    if (wasPrepared) save.reset();
  };
  const chooseApp = (chosen: string) => {
    setApp(apps.find(({ id }) => id === chosen) ?? app);
    if (wasPrepared) save.reset();
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const found = preparationProblems(form, before, zone, new Date());
    setProblems(found);
    if (rule.check() && found.length === 0) save.mutate();
  };
  const element = useRef<HTMLFormElement>(null);
  // The button stands far below the field that has to be changed.
  useEffect(() => {
    if (wasPrepared || problems.length > 0) {
      element.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
    }
  }, [wasPrepared, problems]);
  const appRule = ruleForm(app).rule;
  const title = isReadOnly
    ? form.room
    : before
      ? t('prepare.change_title', { room: before.room })
      : t('prepare.title');
  return (
    <Dialog title={title} size="wide" isSticky={!isReadOnly} onClose={onClose}>
      <form ref={element} onSubmit={submit} noValidate>
        <fieldset className="plain-fieldset" disabled={isReadOnly}>
          <Stack>
            {before === null && (
              <div className="two-columns">
                {apps.length > 1 && (
                  <NativeSelect
                    label={t('prepare.app')}
                    value={app.id}
                    data={apps.map(({ id, name }) => ({ value: id, label: name }))}
                    onChange={(event) => chooseApp(event.currentTarget.value)}
                  />
                )}
                <TextInput
                  label={t('room')}
                  value={form.room}
                  maxLength={100}
                  autoComplete="off"
                  autoCapitalize="none"
                  spellCheck={false}
                  data-autofocus
                  error={
                    wasPrepared
                      ? t('prepare.was_prepared')
                      : problems.includes('room') && t('prepare.wrong.room')
                  }
                  onChange={(event) => change({ room: event.currentTarget.value })}
                />
              </div>
            )}
            <PreparationFields
              form={form}
              before={before}
              app={app}
              zone={zone}
              problems={problems}
              isReadOnly={isReadOnly}
              onChange={change}
            />
            <RuleFields
              app={app}
              rule={rule}
              label={t('prepare.recorded')}
              holds={strictestRule(appRule, rule.form.rule)}
              words={(value) => ({
                label: t(`prepare.rule.${value}`),
                help:
                  value === 'asked'
                    ? t(`prepare.app_rule.${appRule}`)
                    : t(`prepare.rule.${value}_help`),
              })}
              isDisabled={isReadOnly}
            />
            {save.error && <ProblemNotice error={save.error} />}
          </Stack>
        </fieldset>
        <div className={styles.foot}>
          {isReadOnly ? (
            <div className={styles.close}>
              <Button variant="default" onClick={onClose}>
                {t('common:action.close')}
              </Button>
            </div>
          ) : (
            <DialogActions
              label={before ? t('prepare.save') : t('prepare.action')}
              isBusy={save.isPending}
              onCancel={onClose}
            />
          )}
        </div>
      </form>
    </Dialog>
  );
}
