import { emptyTarget, problemsOf, TargetFields, type TargetForm } from '@jumpa/ui';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type RecordingWish, recordingsKey, startRecording } from '../../api/recordings';
import type { RoomPlace } from '../../api/rooms';
import { streamTargetsQuery } from '../../api/streamTargets';
import { Dialog, DialogActions } from '../../parts/Dialog';
import { ProblemNotice } from '../../parts/ProblemNotice';
import { Stack } from '../../parts/Stack';
import { RecordingFields } from './RecordingFields';
import { optionsBody, type RecordingForm, USUAL_FORM } from './recordingForm';
import { targetBody } from './targetBody';
import { useTargetWords } from './useTargetWords';

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
  const [form, setForm] = useState(USUAL_FORM);
  const [targets, setTargets] = useState<readonly TargetForm[]>([]);
  const [hasProblems, setProblems] = useState(false);
  const start = useMutation({
    mutationFn: (wish: RecordingWish) => startRecording(place, wish),
    onSuccess: () => {
      queries.invalidateQueries({ queryKey: recordingsKey(place.tenant) }).catch(() => undefined);
      onClose();
    },
  });
  const isStream = form.kind === 'stream';
  const change = (next: RecordingForm) => {
    setForm(next);
    if (next.kind === 'stream' && targets.length === 0) setTargets([emptyTarget(1, stored)]);
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const isWrong = targets.some((target) => Object.keys(problemsOf(target)).length > 0);
    if (isStream && isWrong) return setProblems(true);
    start.mutate({ ...optionsBody(form), ...(isStream && { targets: targets.map(targetBody) }) });
  };
  return (
    <Dialog title={t('start.title', { room: place.room })} size="wide" onClose={onClose}>
      <form onSubmit={submit} noValidate>
        <Stack>
          <p>{t('start.text')}</p>
          <RecordingFields
            form={form}
            targets={
              <TargetFields
                targets={targets}
                stored={stored}
                hasProblems={hasProblems}
                words={words}
                onChange={setTargets}
              />
            }
            onChange={change}
          />
          {start.error && <ProblemNotice error={start.error} />}
          <DialogActions
            label={isStream ? t('start.go_live') : t('start.action')}
            isBusy={start.isPending}
            onCancel={onClose}
          />
        </Stack>
      </form>
    </Dialog>
  );
}
