import { Notice, RadioCards } from '@jumpa/ui';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { ClientApp } from '../../api/clientApps';
import { IconAlertTriangle } from '../../icons';
import { LinkButton } from '../../parts/LinkButton';
import { RecordingFields } from '../recordings/RecordingFields';
import { useClient } from '../useClient';
import { CallerView } from './CallerView';
import { RULES, type Rule } from './recordingRule';
import { TargetChoice } from './TargetChoice';
import type { ChosenRule } from './useRule';

export interface RuleFieldsProps {
  app: ClientApp;
  rule: ChosenRule;
  /** The rule that callers meet; default: the one that is chosen. */
  holds?: Rule;
  /** What is chosen. */
  label: string;
  /** What each choice means here. */
  words: (rule: Rule) => { readonly label: string; readonly help: string };
  isDisabled?: boolean;
}

/** Whether calls are recorded unasked and how, and what callers see of it. */
export function RuleFields({
  app,
  rule: { form, stored, problem, choose },
  holds = form.rule,
  label,
  words,
  isDisabled = false,
}: RuleFieldsProps): ReactNode {
  const { t } = useTranslation('recordings');
  return (
    <>
      <SwitchedOff app={app} isStream={form.rule !== 'asked' && form.options.kind === 'stream'} />
      <RadioCards
        label={label}
        value={form.rule}
        isDisabled={isDisabled}
        options={RULES.map((value) => ({ value, ...words(value) }))}
        onChoose={(rule) => choose({ ...form, rule })}
      />
      <CallerView rule={holds} />
      {form.rule !== 'asked' && (
        <RecordingFields
          form={form.options}
          isDisabled={isDisabled}
          targets={
            <TargetChoice
              stored={stored}
              chosen={form.targetIds}
              error={problem && t(`rule.${problem}`)}
              isDisabled={isDisabled}
              onChoose={(targetIds) => choose({ ...form, targetIds })}
            />
          }
          onChange={(options) => choose({ ...form, options })}
        />
      )}
    </>
  );
}

/** Says that the rule does nothing, since the app's calls do not offer what it needs. */
function SwitchedOff({ app, isStream }: { app: ClientApp; isStream: boolean }): ReactNode {
  const { t } = useTranslation('recordings');
  const { tenantId } = useClient();
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
