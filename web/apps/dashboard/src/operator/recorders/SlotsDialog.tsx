import { TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import {
  fleetQuery,
  type RecordingFleet,
  setRecordingSlots,
  type UpdateRecordingSlots,
} from '../../api/recorders';
import { Dialog, DialogActions } from '../../parts/Dialog';
import { ProblemNotice } from '../../parts/ProblemNotice';
import { Stack } from '../../parts/Stack';
import { useNumberWords } from '../../parts/useNumberWords';
import { readSlots, type SlotTexts, slotTexts } from './slotTexts';

export interface SlotsDialogProps {
  appId: string;
  appName: string;
  onClose: () => void;
}

/** How much of the recorders an app may use. */
export function SlotsDialog(props: SlotsDialogProps): ReactNode {
  const { t } = useTranslation('recorders');
  const { appName, onClose } = props;
  const fleet = useQuery(fleetQuery);
  return (
    <Dialog title={t('slots.title', { name: appName })} size="wide" onClose={onClose}>
      {fleet.error && !fleet.data && <ProblemNotice error={fleet.error} />}
      {fleet.isPending && <p role="status">{t('slots.loading')}</p>}
      {fleet.data && <SlotsForm {...props} fleet={fleet.data} />}
    </Dialog>
  );
}

function SlotsForm({
  appId,
  fleet,
  onClose,
}: SlotsDialogProps & { fleet: RecordingFleet }): ReactNode {
  const { t } = useTranslation('recorders');
  const { count } = useNumberWords();
  const queries = useQueryClient();
  const own = fleet.apps.find(({ app_id }) => app_id === appId);
  const [texts, setTexts] = useState(() => slotTexts(own));
  const [wrong, setWrong] = useState<ReadonlySet<keyof SlotTexts>>(new Set());
  const change = useMutation({
    mutationFn: (slots: UpdateRecordingSlots) => setRecordingSlots(appId, slots),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: fleetQuery.queryKey });
      onClose();
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const read = readSlots(texts);
    setWrong(read.wrong);
    if (read.slots) change.mutate(read.slots);
  };
  const left =
    fleet.guaranteed_limit_millicores -
    fleet.guaranteed_millicores +
    (own?.guaranteed_millicores ?? 0);
  const field = (name: keyof SlotTexts, placeholder: string) => (
    <TextInput
      label={t(`slots.${name}`)}
      description={t(`slots.${name}_help`, { left: count(Math.max(left, 0)) })}
      inputMode="numeric"
      autoComplete="off"
      placeholder={placeholder}
      value={texts[name]}
      error={wrong.has(name) && t(`slots.${name}_wrong`)}
      onChange={(event) => setTexts({ ...texts, [name]: event.currentTarget.value })}
    />
  );
  return (
    <form onSubmit={submit} noValidate>
      <Stack>
        {change.error && <ProblemNotice error={change.error} />}
        <p className="quiet">{t('slots.help')}</p>
        {field('guaranteed', '0')}
        {field('burst', t('slots.all'))}
        {field('weight', '1')}
        <DialogActions label={t('slots.save')} isBusy={change.isPending} onCancel={onClose} />
      </Stack>
    </form>
  );
}
