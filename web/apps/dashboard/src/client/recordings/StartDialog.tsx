import {
  emptyTarget,
  LayoutCards,
  PICTURE_LAYOUTS,
  type PictureLayout,
  problemsOf,
  RadioCards,
  TargetFields,
  type TargetForm,
} from '@jumpa/ui';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type RecordingWish, recordingsKey, startRecording } from '../../api/recordings';
import type { RoomPlace } from '../../api/rooms';
import { streamTargetsQuery } from '../../api/streamTargets';
import { Dialog, DialogActions } from '../../parts/Dialog';
import { ProblemNotice } from '../../parts/ProblemNotice';
import { Stack } from '../../parts/Stack';
import { SwitchRow } from '../../parts/SwitchRow';
import { targetBody } from './targetBody';
import { useTargetWords } from './useTargetWords';

type Kind = RecordingWish['kind'];
type ComposeTime = NonNullable<RecordingWish['compose']>;

const KINDS: readonly Kind[] = ['tracks', 'composite', 'audio_only', 'stream'];
const TIMES: readonly ComposeTime[] = ['after_call', 'live'];

/** Records a running call or shows it live, from outside of it. */
export function StartDialog({
  place,
  onClose,
}: {
  place: RoomPlace;
  onClose: () => void;
}): ReactNode {
  const { t } = useTranslation('recordings');
  const queries = useQueryClient();
  const words = useTargetWords();
  // Without those that are stored, every key can still be entered.
  const stored = useQuery(streamTargetsQuery(place)).data ?? [];
  const [kind, setKind] = useState<Kind>('tracks');
  const [layout, setLayout] = useState<PictureLayout>('grid');
  const [compose, setCompose] = useState<ComposeTime>('after_call');
  const [hasFallback, setFallback] = useState(true);
  const [targets, setTargets] = useState<readonly TargetForm[]>([]);
  const [hasProblems, setProblems] = useState(false);
  const start = useMutation({
    mutationFn: (wish: RecordingWish) => startRecording(place, wish),
    onSuccess: () => {
      queries.invalidateQueries({ queryKey: recordingsKey(place.tenant) }).catch(() => undefined);
      onClose();
    },
  });
  const hasPicture = kind === 'composite' || kind === 'stream';
  const isLive = kind === 'stream' || (kind === 'composite' && compose === 'live');
  const choose = (next: Kind) => {
    setKind(next);
    if (next === 'stream' && targets.length === 0) setTargets([emptyTarget(1, stored)]);
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const isWrong = targets.some((target) => Object.keys(problemsOf(target)).length > 0);
    if (kind === 'stream' && isWrong) return setProblems(true);
    start.mutate({
      kind,
      ...(hasPicture && { layout }),
      ...(kind === 'composite' && { compose }),
      ...(kind === 'composite' && isLive && hasFallback && { fallback: 'tracks' }),
      ...(kind === 'stream' && { targets: targets.map(targetBody) }),
    });
  };
  return (
    <Dialog title={t('start.title', { room: place.room })} size="wide" onClose={onClose}>
      <form onSubmit={submit} noValidate>
        <Stack>
          <p>{t('start.text')}</p>
          <RadioCards
            label={t('start.kind')}
            value={kind}
            options={KINDS.map((value) => ({
              value,
              label: t(`kind.${value}`),
              help: t(`kind_help.${value}`),
            }))}
            onChoose={choose}
          />
          {kind === 'stream' && (
            <TargetFields
              targets={targets}
              stored={stored}
              hasProblems={hasProblems}
              words={words}
              onChange={setTargets}
            />
          )}
          {hasPicture && (
            <LayoutCards
              label={t('layout_label')}
              value={layout}
              names={
                Object.fromEntries(
                  PICTURE_LAYOUTS.map((one) => [one, t(`layout.${one}`)]),
                ) as Record<PictureLayout, string>
              }
              onChoose={setLayout}
            />
          )}
          {kind === 'composite' && (
            <RadioCards
              label={t('start.compose')}
              value={compose}
              options={TIMES.map((value) => ({
                value,
                label: t(`compose.${value}`),
                help: t(`compose_help.${value}`),
              }))}
              onChoose={setCompose}
            />
          )}
          {kind === 'composite' && isLive && (
            <SwitchRow
              label={t('start.fallback')}
              help={t('start.fallback_help')}
              isOn={hasFallback}
              onSwitch={setFallback}
            />
          )}
          {start.error && <ProblemNotice error={start.error} />}
          <DialogActions
            label={kind === 'stream' ? t('start.go_live') : t('start.action')}
            isBusy={start.isPending}
            onCancel={onClose}
          />
        </Stack>
      </form>
    </Dialog>
  );
}
