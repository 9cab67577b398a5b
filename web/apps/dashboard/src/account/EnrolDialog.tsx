import { useMutation } from '@tanstack/react-query';
import { type FormEvent, type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { confirmSecondFactor, type EnrolledSecondFactor } from '../api/account';
import { CopyField } from '../parts/CopyField';
import { Dialog, DialogActions } from '../parts/Dialog';
import { ProblemNotice } from '../parts/ProblemNotice';
import { Stack } from '../parts/Stack';
import { CodeField } from '../people/CodeField';
import styles from './EnrolDialog.module.css';
import { QrCode } from './QrCode';

export interface EnrolDialogProps {
  enrolled: EnrolledSecondFactor;
  /** With the recovery codes. */
  onConfirmed: (codes: readonly string[]) => void;
  onClose: () => void;
}

/** Scan, then type the first code: only that turns the second factor on. */
export function EnrolDialog({ enrolled, onConfirmed, onClose }: EnrolDialogProps): ReactNode {
  const { t } = useTranslation('people');
  const [code, setCode] = useState('');
  const confirm = useMutation({ mutationFn: confirmSecondFactor, onSuccess: onConfirmed });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (code.trim() !== '') confirm.mutate(code.trim());
  };
  return (
    <Dialog title={t('enrol.title')} isSticky onClose={onClose}>
      <form onSubmit={submit}>
        <Stack>
          <p>{t('enrol.scan')}</p>
          <div className={styles.qr}>
            <QrCode text={enrolled.otpauth_url} label={t('enrol.qr')} />
          </div>
          <CopyField label={t('enrol.by_hand')} value={enrolled.secret} />
          <CodeField
            kind="app"
            value={code}
            onChange={setCode}
            onFull={(full) => confirm.mutate(full)}
          />
          {confirm.error && <ProblemNotice error={confirm.error} />}
          <DialogActions
            label={t('enrol.action')}
            isBusy={confirm.isPending}
            isDisabled={code.trim() === ''}
            onCancel={onClose}
          />
        </Stack>
      </form>
    </Dialog>
  );
}
