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

/** Which calls of an app are recorded unasked, and how. */
export interface RuleForm {
  readonly rule: Rule;
  readonly options: RecordingForm;
  /** Stored places that a stream is sent to. */
  readonly targetIds: readonly string[];
}

/** The rule that the app has. Where a recording is required and nothing else is said, it is tracks. */
export function ruleForm({ auto_record, recording_required }: ClientApp): RuleForm {
  return {
    rule: recording_required ? 'required' : auto_record ? 'every' : 'asked',
    options: auto_record ? recordingForm(auto_record) : USUAL_FORM,
    targetIds: auto_record?.target_ids ?? [],
  };
}

/** The rule as the app is told it. */
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

/** Why the app would not take the rule. */
export function ruleProblem({ rule, options, targetIds }: RuleForm): 'no_target' | null {
  return rule !== 'asked' && options.kind === 'stream' && targetIds.length === 0
    ? 'no_target'
    : null;
}
