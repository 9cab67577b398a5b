import { Notice, RadioCards } from '@jumpa/ui';
import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { type FormEvent, type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { streamTargetsQuery } from '../../api/streamTargets';
import { IconAlertTriangle } from '../../icons';
import { Card } from '../../parts/Card';
import { Fields } from '../../parts/Fields';
import { LinkButton } from '../../parts/LinkButton';
import { ProblemNotice } from '../../parts/ProblemNotice';
import { RecordingFields } from '../recordings/RecordingFields';
import { useApp } from '../useApp';
import { useChangeApp } from '../useChangeApp';
import { CallerView } from './CallerView';
import { RULES, type RuleForm, ruleBody, ruleForm, ruleProblem } from './recordingRule';
import { TargetChoice } from './TargetChoice';

/** Which calls of the app are recorded unasked and how, and whether there is a call without a recording. */
export function RuleCard(): ReactNode {
  const { t } = useTranslation('recordings');
  const { tenantId: tenant, app, mayChange } = useApp();
  const stored = useQuery(streamTargetsQuery({ tenant, app: app.id })).data;
  const [entered, setEntered] = useState<RuleForm>(() => ruleForm(app));
  const [hasProblems, setProblems] = useState(false);
  const change = useChangeApp();
  // A place that was removed meanwhile would be refused.
  const form = stored
    ? {
        ...entered,
        targetIds: entered.targetIds.filter((id) => stored.some((target) => target.id === id)),
      }
    : entered;
  const isSame = JSON.stringify(ruleBody(form)) === JSON.stringify(ruleBody(ruleForm(app)));
  const isReadOnly = !mayChange('apps');
  const problem = ruleProblem(form);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setProblems(problem !== null);
    if (problem === null) change.mutate(ruleBody(form));
  };
  return (
    <form onSubmit={submit} noValidate>
      <Card
        title={t('rule.heading')}
        lead={t('rule.lead')}
        layout="beside"
        foot={
          !isReadOnly && (
            <>
              <span role="status">{change.isSuccess && isSame && t('rule.saved')}</span>
              <Button type="submit" loading={change.isPending} disabled={isSame}>
                {t('rule.save')}
              </Button>
            </>
          )
        }
      >
        <Fields>
          <SwitchedOff form={form} />
          {change.error && <ProblemNotice error={change.error} />}
          <RadioCards
            label={t('rule.choice')}
            value={form.rule}
            isDisabled={isReadOnly}
            options={RULES.map((value) => ({
              value,
              label: t(`rule.${value}`),
              help: t(`rule.${value}_help`),
            }))}
            onChoose={(rule) => setEntered({ ...form, rule })}
          />
          <CallerView rule={form.rule} />
          {form.rule !== 'asked' && (
            <RecordingFields
              form={form.options}
              isDisabled={isReadOnly}
              targets={
                <TargetChoice
                  stored={stored ?? []}
                  chosen={form.targetIds}
                  error={hasProblems && problem !== null ? t(`rule.${problem}`) : null}
                  isDisabled={isReadOnly}
                  onChoose={(targetIds) => setEntered({ ...form, targetIds })}
                />
              }
              onChange={(options) => setEntered({ ...form, options })}
            />
          )}
        </Fields>
      </Card>
    </form>
  );
}

/** Says that the rule does nothing, since the app's calls do not offer what it needs. */
function SwitchedOff({ form: { rule, options } }: { form: RuleForm }): ReactNode {
  const { t } = useTranslation('recordings');
  const { tenantId, app } = useApp();
  const isStream = rule !== 'asked' && options.kind === 'stream';
  const off =
    app.features.recording === false
      ? 'recording'
      : isStream && app.features.streaming === false
        ? 'streaming'
        : null;
  if (off === null) return null;
  return (
    <Notice
      tone="attention"
      icon={<IconAlertTriangle />}
      title={t(`rule.off.${off}`)}
      actions={
        <LinkButton
          size="xs"
          variant="default"
          to="/t/$tenantId/apps/$appId/access"
          params={{ tenantId, appId: app.id }}
        >
          {t('rule.off.action')}
        </LinkButton>
      }
    >
      {t('rule.off.text')}
    </Notice>
  );
}
