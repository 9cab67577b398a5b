import { TextInput } from '@mantine/core';
import type { ReactNode } from 'react';
import { SelectField } from '../components/SelectField';
import styles from './TargetFields.module.css';
import {
  emptyTarget,
  isStored,
  MAX_STREAM_KEY,
  MAX_STREAM_URL,
  MAX_TARGETS,
  MAX_VIEWER_URL,
  problemsOf,
  type StoredTarget,
  type TargetForm,
  type TargetProblem,
} from './targetForm';

/** The texts of the form. */
export interface TargetWords {
  readonly place: (number: number) => string;
  readonly remove: (number: number) => string;
  readonly add: string;
  readonly service: string;
  readonly youtube: string;
  readonly other: string;
  readonly url: string;
  readonly urlHelp: string;
  readonly key: string;
  readonly keyHelp: string;
  readonly viewerUrl: string;
  readonly viewerUrlHelp: string;
  readonly problem: (problem: TargetProblem) => string;
}

export interface TargetFieldsProps {
  targets: readonly TargetForm[];
  /** Targets of the app that need no key. */
  stored?: readonly StoredTarget[];
  /** How many places there are at least. */
  least?: number;
  /** How many places there may be. */
  most?: number;
  /** Whether what is wrong is shown: after the first try to send it. */
  hasProblems: boolean;
  words: TargetWords;
  onChange: (targets: readonly TargetForm[]) => void;
}

/** Where a call is streamed to: one place or several, each with its key. */
export function TargetFields({
  targets,
  stored = [],
  least = 1,
  most = MAX_TARGETS,
  hasProblems,
  words,
  onChange,
}: TargetFieldsProps): ReactNode {
  const next = Math.max(0, ...targets.map(({ number }) => number)) + 1;
  return (
    <div className={styles.places}>
      {targets.map((target, index) => (
        <Place
          key={target.number}
          target={target}
          stored={stored}
          place={index + 1}
          hasProblems={hasProblems}
          words={words}
          onChange={(changed) => onChange(targets.with(index, changed))}
          {...(targets.length > least && { onRemove: () => onChange(targets.toSpliced(index, 1)) })}
        />
      ))}
      {targets.length < most && (
        <button
          type="button"
          className={styles.add}
          onClick={() => onChange([...targets, emptyTarget(next, [])])}
        >
          + {words.add}
        </button>
      )}
    </div>
  );
}

interface PlaceProps {
  target: TargetForm;
  stored: readonly StoredTarget[];
  place: number;
  hasProblems: boolean;
  words: TargetWords;
  onChange: (target: TargetForm) => void;
  onRemove?: () => void;
}

function Place({
  target,
  stored,
  place,
  hasProblems,
  words,
  onChange,
  onRemove,
}: PlaceProps): ReactNode {
  const problems = hasProblems ? problemsOf(target) : {};
  const error = (problem: TargetProblem | undefined) => problem && words.problem(problem);
  const change = (changes: Partial<TargetForm>) => onChange({ ...target, ...changes });
  return (
    <fieldset className={styles.place}>
      <legend className={styles.legend}>{words.place(place)}</legend>
      {onRemove && (
        <button type="button" className={styles.remove} onClick={onRemove}>
          {words.remove(place)}
        </button>
      )}
      <SelectField
        label={words.service}
        value={target.service}
        options={[
          ...stored.map(({ id, name }) => ({ value: id, label: name })),
          { value: 'youtube', label: words.youtube },
          { value: 'other', label: words.other },
        ]}
        onChoose={(service) => change({ service })}
      />
      {target.service === 'other' && (
        <TextInput
          label={words.url}
          description={words.urlHelp}
          placeholder="rtmps://live.example.com/app"
          inputMode="url"
          value={target.url}
          maxLength={MAX_STREAM_URL}
          autoComplete="off"
          spellCheck={false}
          error={error(problems.url)}
          onChange={(event) => change({ url: event.currentTarget.value })}
        />
      )}
      {!isStored(target) && (
        <>
          <TextInput
            label={words.key}
            description={words.keyHelp}
            // A password field would be offered to the browser's store of passwords.
            classNames={{ input: styles.secret ?? '' }}
            value={target.key}
            maxLength={MAX_STREAM_KEY}
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
            {...(place === 1 && { 'data-autofocus': true })}
            data-1p-ignore
            data-lpignore="true"
            error={error(problems.key)}
            onChange={(event) => change({ key: event.currentTarget.value })}
          />
          <TextInput
            label={words.viewerUrl}
            description={words.viewerUrlHelp}
            placeholder="https://"
            inputMode="url"
            value={target.viewerUrl}
            maxLength={MAX_VIEWER_URL}
            autoComplete="off"
            spellCheck={false}
            error={error(problems.viewerUrl)}
            onChange={(event) => change({ viewerUrl: event.currentTarget.value })}
          />
        </>
      )}
    </fieldset>
  );
}
