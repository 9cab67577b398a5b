import { TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { changeOperatorTenant, type OperatorTenant } from '../api/operator';
import { Dialog, DialogActions } from '../parts/Dialog';
import { ProblemNotice } from '../parts/ProblemNotice';
import { Stack } from '../parts/Stack';
import { TimeZoneSelect } from '../parts/TimeZoneSelect';

export interface EditClientDialogProps {
  tenant: OperatorTenant;
  onClose: () => void;
}

/** Another name or time zone of a customer. */
export function EditClientDialog({ tenant, onClose }: EditClientDialogProps): ReactNode {
  const { t } = useTranslation('operator');
  const queries = useQueryClient();
  const [name, setName] = useState(tenant.name);
  const [zone, setZone] = useState(tenant.time_zone);
  const change = useMutation({
    mutationFn: () => changeOperatorTenant(tenant.id, { name: name.trim(), time_zone: zone }),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['operator'] });
      onClose();
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (name.trim() !== '') change.mutate();
  };
  return (
    <Dialog title={t('client.edit')} onClose={onClose}>
      <form onSubmit={submit} noValidate>
        <Stack>
          {change.error && <ProblemNotice error={change.error} />}
          <TextInput
            label={t('create_client.name')}
            value={name}
            maxLength={80}
            data-autofocus
            error={name.trim() === '' && t('create_client.name_missing')}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <TimeZoneSelect label={t('client.time_zone')} value={zone} onChoose={setZone} />
          <DialogActions label={t('client.save')} isBusy={change.isPending} onCancel={onClose} />
        </Stack>
      </form>
    </Dialog>
  );
}
