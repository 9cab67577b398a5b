import { RadioCards } from '@jumpa/ui';
import { Button, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { AppOf } from '../../api/appKeys';
import { type Ban, createBan, liftBan, listBans } from '../../api/bans';
import { useKeysetQuery } from '../../api/useKeysetQuery';
import { IconBan } from '../../icons';
import { type Column, DataTable } from '../../parts/DataTable';
import { Dialog, DialogActions } from '../../parts/Dialog';
import { EmptyState } from '../../parts/EmptyState';
import { ProblemNotice } from '../../parts/ProblemNotice';
import { RelativeTime } from '../../parts/RelativeTime';
import { Section } from '../../parts/Section';
import { Stack } from '../../parts/Stack';
import { TwoLines } from '../../parts/TwoLines';
import { useApp } from '../useApp';

/** Who may not join calls of the app, whatever their token says. */
export function Bans(): ReactNode {
  const { t } = useTranslation('client');
  const { tenantId, app, mayChange } = useApp();
  const queries = useQueryClient();
  const [isBanning, setBanning] = useState(false);
  const of = { tenant: tenantId, app: app.id };
  const listKey = ['tenant', tenantId, 'app', app.id, 'bans'];
  const list = useKeysetQuery(listKey, (cursor, signal) => listBans(of, cursor, signal));
  const refresh = () => queries.invalidateQueries({ queryKey: listKey });
  const lift = useMutation({ mutationFn: (id: string) => liftBan(of, id), onSettled: refresh });
  const isManager = mayChange('rooms');
  const columns: readonly Column<Ban>[] = [
    {
      key: 'subject',
      header: t('bans.col_subject'),
      cell: (ban) =>
        ban.reason ? <TwoLines first={ban.subject} second={ban.reason} /> : ban.subject,
    },
    {
      key: 'until',
      header: t('bans.col_until'),
      cell: (ban) => (ban.until ? <RelativeTime at={ban.until} /> : t('bans.for_good')),
    },
    { key: 'by', header: t('bans.col_by'), priority: 2, cell: (ban) => ban.created_by },
    {
      key: 'lift',
      header: t('keys.col_actions'),
      isHeaderHidden: true,
      align: 'end',
      cell: (ban) =>
        isManager && (
          <button
            type="button"
            className="row-action"
            aria-label={t('bans.lift_of', { subject: ban.subject })}
            onClick={() => lift.mutate(ban.id)}
          >
            {t('bans.lift')}
          </button>
        ),
    },
  ];
  return (
    <Section
      title={t('bans.title')}
      lead={t('bans.lead')}
      action={
        isManager && (
          <Button variant="default" onClick={() => setBanning(true)}>
            {t('bans.add')}
          </Button>
        )
      }
    >
      {lift.error && <ProblemNotice error={lift.error} />}
      <DataTable
        label={t('bans.title')}
        columns={columns}
        list={list}
        rowKey={(ban) => ban.id}
        empty={
          <EmptyState icon={<IconBan />} title={t('bans.empty_title')}>
            {t('bans.empty_text')}
          </EmptyState>
        }
      />
      {isBanning && (
        <BanDialog
          of={of}
          onBanned={() => {
            setBanning(false);
            refresh().catch(() => undefined);
          }}
          onClose={() => setBanning(false)}
        />
      )}
    </Section>
  );
}

/** How long a ban lasts, milliseconds; `null` until it is lifted. */
const LENGTHS = { day: 86_400_000, month: 30 * 86_400_000, good: null } as const;
type Length = keyof typeof LENGTHS;

interface BanDialogProps {
  of: AppOf;
  onBanned: () => void;
  onClose: () => void;
}

function BanDialog({ of, onBanned, onClose }: BanDialogProps): ReactNode {
  const { t } = useTranslation('client');
  const [subject, setSubject] = useState('');
  const [reason, setReason] = useState('');
  const [length, setLength] = useState<Length>('good');
  const [isMissing, setMissing] = useState(false);
  const ban = useMutation({
    mutationFn: () => {
      const lasts = LENGTHS[length];
      return createBan(of, {
        subject: subject.trim(),
        ...(reason.trim() !== '' && { reason: reason.trim() }),
        ...(lasts !== null && { until: new Date(Date.now() + lasts).toISOString() }),
      });
    },
    onSuccess: onBanned,
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setMissing(subject.trim() === '');
    if (subject.trim() !== '') ban.mutate();
  };
  return (
    <Dialog title={t('bans.add')} onClose={onClose}>
      <form onSubmit={submit} noValidate>
        <Stack>
          {ban.error && <ProblemNotice error={ban.error} />}
          <TextInput
            label={t('bans.col_subject')}
            description={t('bans.subject_help')}
            value={subject}
            maxLength={256}
            autoComplete="off"
            data-autofocus
            error={isMissing && t('bans.subject_missing')}
            onChange={(event) => setSubject(event.currentTarget.value)}
          />
          <TextInput
            label={t('bans.reason')}
            value={reason}
            maxLength={300}
            autoComplete="off"
            onChange={(event) => setReason(event.currentTarget.value)}
          />
          <RadioCards
            label={t('bans.length')}
            value={length}
            options={(['day', 'month', 'good'] as const).map((value) => ({
              value,
              label: t(`bans.length_${value}`),
            }))}
            onChoose={setLength}
          />
          <DialogActions label={t('bans.action')} isBusy={ban.isPending} onCancel={onClose} />
        </Stack>
      </form>
    </Dialog>
  );
}
