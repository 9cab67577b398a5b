import { Button } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import {
  disableSecondFactor,
  type EnrolledSecondFactor,
  enrolSecondFactor,
  rotateRecoveryCodes,
} from '../api/account';
import { meQuery } from '../api/me';
import { Card } from '../parts/Card';
import { ConfirmDialog } from '../parts/ConfirmDialog';
import { Dialog } from '../parts/Dialog';
import { ProblemNotice } from '../parts/ProblemNotice';
import { StatusDot } from '../parts/StatusDot';
import { EnrolDialog } from './EnrolDialog';
import { shownError, useProof } from './ProofProvider';
import { RecoveryCodes } from './RecoveryCodes';

type Open =
  | { readonly kind: 'enrol'; readonly enrolled: EnrolledSecondFactor }
  | { readonly kind: 'codes'; readonly codes: readonly string[] }
  | { readonly kind: 'disable' };

/** A code beside the password: set up, replace the recovery codes, turn off. */
export function SecondFactorCard({ isOn }: { isOn: boolean }): ReactNode {
  const { t } = useTranslation('people');
  const queries = useQueryClient();
  const withProof = useProof();
  const [open, setOpen] = useState<Open | null>(null);
  const close = () => setOpen(null);
  const refresh = () => queries.invalidateQueries({ queryKey: meQuery.queryKey, exact: true });
  const enrol = useMutation({
    mutationFn: () => withProof(enrolSecondFactor),
    onSuccess: (enrolled) => setOpen({ kind: 'enrol', enrolled }),
  });
  const rotate = useMutation({
    mutationFn: () => withProof(rotateRecoveryCodes),
    onSuccess: (codes) => setOpen({ kind: 'codes', codes }),
  });
  const disable = useMutation({
    mutationFn: () => withProof(disableSecondFactor),
    onSuccess: async () => {
      close();
      await refresh();
    },
  });
  const error = shownError(enrol.error ?? rotate.error);
  return (
    <Card
      title={t('second_factor.card')}
      layout="beside"
      lead={t('second_factor.card_lead')}
      action={
        <StatusDot tone={isOn ? 'good' : 'attention'}>
          {isOn ? t('second_factor.on') : t('second_factor.off')}
        </StatusDot>
      }
    >
      {error && <ProblemNotice error={error} />}
      <div className="button-row">
        {isOn ? (
          <>
            <Button variant="default" loading={rotate.isPending} onClick={() => rotate.mutate()}>
              {t('second_factor.new_codes')}
            </Button>
            <Button variant="default" onClick={() => setOpen({ kind: 'disable' })}>
              {t('second_factor.disable')}
            </Button>
          </>
        ) : (
          <Button loading={enrol.isPending} onClick={() => enrol.mutate()}>
            {t('second_factor.enrol')}
          </Button>
        )}
      </div>
      {open?.kind === 'enrol' && (
        <EnrolDialog
          enrolled={open.enrolled}
          onConfirmed={(codes) => {
            setOpen({ kind: 'codes', codes });
            refresh().catch(() => undefined);
          }}
          onClose={close}
        />
      )}
      {open?.kind === 'codes' && (
        <Dialog title={t('recovery.title')} isSticky onClose={close}>
          <RecoveryCodes codes={open.codes} onDone={close} />
        </Dialog>
      )}
      {open?.kind === 'disable' && (
        <ConfirmDialog
          title={t('second_factor.disable_title')}
          consequence={t('second_factor.disable_consequence')}
          action={t('second_factor.disable')}
          isBusy={disable.isPending}
          error={shownError(disable.error)}
          onConfirm={() => disable.mutate()}
          onClose={close}
        />
      )}
    </Card>
  );
}
