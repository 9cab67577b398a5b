import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { type AppPlace, type StoredTarget, streamTargetsQuery } from '../../api/streamTargets';
import { type RuleForm, ruleProblem } from './recordingRule';

/** A rule while it is chosen. */
export interface ChosenRule {
  readonly form: RuleForm;
  /** Where the app's streams can be sent. */
  readonly stored: readonly StoredTarget[];
  /** What is missing, once somebody tried to save it. */
  readonly problem: ReturnType<typeof ruleProblem>;
  readonly choose: (form: RuleForm) => void;
  /** Whether it can be saved; from now on what is missing is shown. */
  readonly check: () => boolean;
}

/** Holds what is chosen about the recordings of an app or of one of its rooms. */
export function useRule(place: AppPlace, initial: () => RuleForm): ChosenRule {
  const stored = useQuery(streamTargetsQuery(place)).data;
  const [entered, choose] = useState(initial);
  const [isChecked, setChecked] = useState(false);
  // A place that was removed meanwhile would be refused.
  const form = stored
    ? {
        ...entered,
        targetIds: entered.targetIds.filter((id) => stored.some((target) => target.id === id)),
      }
    : entered;
  const problem = ruleProblem(form);
  return {
    form,
    stored: stored ?? [],
    problem: isChecked ? problem : null,
    choose,
    check: () => {
      setChecked(true);
      return problem === null;
    },
  };
}
