import type { AppChange, ClientApp } from '../../api/clientApps';
import {
  optionsBody,
  type RecordingForm,
  recordingForm,
  USUAL_FORM,
} from '../recordings/recordingForm';

/** Which calls are recorded: when somebody asks, each of them, or each and none without. */
export const RULES = ['asked', 'every', 'required'] as const;
export type Rule = (typeof RULES)[number];

/** Which calls are recorded unasked, and how. */
export interface RuleForm {
  readonly rule: Rule;
  readonly options: RecordingForm;
  /** Stored places that a stream is sent to. */
  readonly targetIds: readonly string[];
}

/** What apps and prepared rooms say of their recordings. */
export type RulePart = Pick<ClientApp, 'auto_record' | 'recording_required'>;

/** The rule that stands. Where a recording is required and nothing else is said, it is tracks. */
export function ruleForm({ auto_record, recording_required }: RulePart): RuleForm {
  return {
    rule: recording_required ? 'required' : auto_record ? 'every' : 'asked',
    options: auto_record ? recordingForm(auto_record) : USUAL_FORM,
    targetIds: auto_record?.target_ids ?? [],
  };
}

/** The rule of one room; `null` where nothing is prepared yet. What it leaves open is as in its app. */
export function roomRuleForm(room: RulePart | null, app: RulePart): RuleForm {
  const { rule } = ruleForm(room ?? { auto_record: null, recording_required: false });
  return { ...ruleForm({ ...app, auto_record: room?.auto_record ?? app.auto_record }), rule };
}

/** The rule that holds where several count: a room is recorded as its app wants at least. */
export function strictestRule(...rules: readonly Rule[]): Rule {
  return RULES.findLast((rule) => rules.includes(rule)) ?? 'asked';
}

/** The rule as the API is told it. */
export function ruleBody({ rule, options, targetIds }: RuleForm) {
  return {
    recording_required: rule === 'required',
    auto_record:
      rule === 'asked'
        ? null
        : {
            ...optionsBody(options),
            ...(options.kind === 'stream' && { target_ids: [...targetIds] }),
          },
  } satisfies AppChange;
}

/** Why the rule would not be taken. */
export function ruleProblem({ rule, options, targetIds }: RuleForm): 'no_target' | null {
  return rule !== 'asked' && options.kind === 'stream' && targetIds.length === 0
    ? 'no_target'
    : null;
}
