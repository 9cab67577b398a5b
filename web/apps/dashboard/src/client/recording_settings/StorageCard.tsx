import { Notice, RadioCards } from '@jumpa/ui';
import { Button, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { shownError, useProof } from '../../account/ProofProvider';
import {
  ENCRYPTIONS,
  type Encryption,
  type RecordingStorage,
  recordingStorageQuery,
  removeRecordingStorage,
  saveRecordingStorage,
  testRecordingStorage,
} from '../../api/recordingStorage';
import { IconCheck } from '../../icons';
import { Answered } from '../../parts/Answered';
import { Card } from '../../parts/Card';
import { Fields } from '../../parts/Fields';
import { ProblemNotice } from '../../parts/ProblemNotice';
import { SkeletonLines } from '../../parts/SkeletonLines';
import { useNumberWords } from '../../parts/useNumberWords';
import { useApp } from '../useApp';
import { bucketBody, bucketForm, bucketProblems } from './bucketForm';
import styles from './StorageCard.module.css';

/** Where recordings of the app lie: with the platform, or in a bucket of its own. */
export function StorageCard(): ReactNode {
  const { t } = useTranslation('recordings');
  const { tenantId: tenant, app } = useApp();
  const query = useQuery(recordingStorageQuery({ tenant, app: app.id }));
  return (
    <Answered
      query={query}
      failed={t('place.failed')}
      skeleton={
        <Card title={t('place.heading')} layout="beside">
          <SkeletonLines count={4} />
        </Card>
      }
    >
      {(storage) => <StorageForm storage={storage} />}
    </Answered>
  );
}

function StorageForm({ storage }: { storage: RecordingStorage }): ReactNode {
  const { t } = useTranslation('recordings');
  const { tenantId: tenant, app } = useApp();
  const place = { tenant, app: app.id };
  const words = useNumberWords();
  const queries = useQueryClient();
  const withProof = useProof();
  const [kind, setKind] = useState<'platform' | 'bucket'>(storage.is_own ? 'bucket' : 'platform');
  const [form, setForm] = useState(() => bucketForm(storage));
  const [encryption, setEncryption] = useState<Encryption>(storage.encryption ?? 'none');
  const [hasProblems, setProblems] = useState(false);
  const test = useMutation({ mutationFn: () => testRecordingStorage(place) });
  const save = useMutation({
    mutationFn: () =>
      withProof(() =>
        kind === 'platform'
          ? removeRecordingStorage(place)
          : saveRecordingStorage(place, { s3: bucketBody(form), encryption }),
      ),
    onSuccess: () => {
      test.reset();
      setForm((before) => ({ ...before, secret_access_key: '' }));
      return queries.invalidateQueries({ queryKey: recordingStorageQuery(place).queryKey });
    },
  });
  const problems = bucketProblems(form, storage);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    test.reset();
    if (kind === 'bucket' && problems.length > 0) setProblems(true);
    else save.mutate();
  };
  const isSame = kind === 'platform' && !storage.is_own;
  const error = shownError(save.error) ?? test.error;
  const field = (name: keyof typeof form) => ({
    label: t(`place.${name}`),
    value: form[name],
    autoComplete: 'off',
    spellCheck: false,
    error: hasProblems && problems.includes(name) && t(`place.wrong.${name}`),
    onChange: (event: { currentTarget: { value: string } }) =>
      setForm({ ...form, [name]: event.currentTarget.value }),
  });
  return (
    <form onSubmit={submit} noValidate>
      <Card
        title={t('place.heading')}
        lead={t('place.lead')}
        layout="beside"
        foot={
          <>
            {storage.is_own && (
              <Button
                variant="default"
                loading={test.isPending}
                onClick={() => {
                  save.reset();
                  test.mutate();
                }}
              >
                {t('place.test')}
              </Button>
            )}
            <Button type="submit" loading={save.isPending} disabled={isSame}>
              {kind === 'bucket' ? t('place.save') : t('place.save_platform')}
            </Button>
          </>
        }
      >
        <Fields>
          <RadioCards
            label={t('place.kind')}
            value={kind}
            options={[
              {
                value: 'platform',
                label: t('place.platform'),
                help: t('place.platform_help'),
              },
              { value: 'bucket', label: t('place.own'), help: t('place.own_help') },
            ]}
            onChoose={setKind}
          />
          {kind === 'bucket' && (
            <>
              <TextInput
                {...field('endpoint')}
                description={t('place.endpoint_help')}
                placeholder="https://s3.example.com"
              />
              <TextInput {...field('region')} description={t('place.region_help')} />
              <TextInput {...field('bucket')} />
              <TextInput {...field('prefix')} description={t('place.prefix_help')} />
              <TextInput {...field('access_key_id')} />
              <TextInput
                {...field('secret_access_key')}
                classNames={{ input: styles.secret ?? '' }}
                description={storage.is_own ? t('place.secret_kept') : t('place.secret_help')}
              />
              <RadioCards
                label={t('place.encryption')}
                value={encryption}
                options={ENCRYPTIONS.map((value) => ({
                  value,
                  label: t(`place.encryptions.${value}`),
                  help: t(`place.encryptions_help.${value}`),
                }))}
                onChoose={setEncryption}
              />
            </>
          )}
          {error && <ProblemNotice error={error} />}
          {test.data !== undefined && (
            <Notice
              tone="good"
              icon={<IconCheck />}
              title={t('place.works', { duration: words.count(test.data) })}
            />
          )}
          {save.isSuccess && !test.data && (
            <Notice tone="good" icon={<IconCheck />} title={t('place.saved')} />
          )}
        </Fields>
      </Card>
    </form>
  );
}
