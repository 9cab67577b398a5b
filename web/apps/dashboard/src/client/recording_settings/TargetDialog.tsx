import { emptyTarget, problemsOf, TargetFields, type TargetForm } from '@jumpa/ui';
import { TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type AppPlace, createStreamTarget } from '../../api/streamTargets';
import { Dialog, DialogActions } from '../../parts/Dialog';
import { ProblemNotice } from '../../parts/ProblemNotice';
import { Stack } from '../../parts/Stack';
import { useTargetWords } from '../recordings/useTargetWords';

/** As long as a name may be. */
const MOST_LETTERS = 80;

export interface TargetDialogProps {
  place: AppPlace;
  onSaved: () => Promise<void>;
  onClose: () => void;
}

/** Stores a place for streams with its key, which is shown to nobody afterwards. */
export function TargetDialog({ place, onSaved, onClose }: TargetDialogProps): ReactNode {
  const { t } = useTranslation('recordings');
  const words = useTargetWords();
  const [name, setName] = useState('');
  const [targets, setTargets] = useState<readonly TargetForm[]>([emptyTarget(1, [])]);
  const [hasProblems, setProblems] = useState(false);
  const save = useMutation({
    mutationFn: ({ service, url, key, viewerUrl }: TargetForm) =>
      createStreamTarget(place, {
        key: key.trim(),
        ...(name.trim() !== '' && { name: name.trim() }),
        ...(service === 'youtube' ? { preset: 'youtube' } : { url: url.trim() }),
        ...(viewerUrl.trim() !== '' && { viewer_url: viewerUrl.trim() }),
      }),
    onSuccess: onSaved,
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const [target] = targets;
    if (!target || Object.keys(problemsOf(target)).length > 0) setProblems(true);
    else save.mutate(target);
  };
  return (
    <Dialog title={t('stored.create_title')} isSticky onClose={onClose}>
      <form onSubmit={submit} noValidate>
        <Stack>
          <TextInput
            label={t('stored.name')}
            description={t('stored.name_help')}
            value={name}
            maxLength={MOST_LETTERS}
            autoComplete="off"
            data-autofocus
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <TargetFields
            targets={targets}
            most={1}
            hasProblems={hasProblems}
            words={words}
            onChange={setTargets}
          />
          {save.error && <ProblemNotice error={save.error} />}
          <DialogActions label={t('stored.save')} isBusy={save.isPending} onCancel={onClose} />
        </Stack>
      </form>
    </Dialog>
  );
}
