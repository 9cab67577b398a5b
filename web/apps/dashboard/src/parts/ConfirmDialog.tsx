import { Notice } from '@jumpa/ui';
import { TextInput } from '@mantine/core';
import { type FormEvent, type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { IconAlertTriangle } from '../icons';
import { Dialog, DialogActions } from './Dialog';
import { ProblemNotice } from './ProblemNotice';
import { Stack } from './Stack';

export interface ConfirmDialogProps {
  title: string;
  /** What follows, in whole sentences. */
  consequence: ReactNode;
  /** What the button does: "Delete the app". */
  action: string;
  /** The name to type before the button works; absent for what can be undone. */
  nameToType?: string;
  isDanger?: boolean;
  isBusy: boolean;
  error: Error | null;
  onConfirm: () => void;
  onClose: () => void;
}

/** Asks before something that hurts: names the thing and what follows, and asks for its name. */
export function ConfirmDialog({
  title,
  consequence,
  action,
  nameToType,
  isDanger = true,
  isBusy,
  error,
  onConfirm,
  onClose,
}: ConfirmDialogProps): ReactNode {
  const { t } = useTranslation();
  const [typed, setTyped] = useState('');
  const mayConfirm = nameToType === undefined || typed.trim() === nameToType.trim();

  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (mayConfirm) onConfirm();
  };
  return (
    <Dialog title={title} onClose={onClose}>
      <form onSubmit={submit}>
        <Stack>
          {isDanger ? (
            <Notice
              tone="attention"
              isUrgent={false}
              icon={<IconAlertTriangle />}
              title={consequence}
            />
          ) : (
            <p>{consequence}</p>
          )}
          {nameToType !== undefined && (
            <TextInput
              label={t('confirm.type_name', { name: nameToType })}
              value={typed}
              data-autofocus
              autoComplete="off"
              spellCheck={false}
              onChange={(event) => setTyped(event.currentTarget.value)}
            />
          )}
          {error && <ProblemNotice error={error} />}
          <DialogActions
            label={action}
            isDanger={isDanger}
            isBusy={isBusy}
            isDisabled={!mayConfirm}
            onCancel={onClose}
          />
        </Stack>
      </form>
    </Dialog>
  );
}
