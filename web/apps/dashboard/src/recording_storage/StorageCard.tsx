import { Notice, RadioCards } from '@jumpa/ui';
import { Button, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { shownError, useProof } from '../account/ProofProvider';
import {
  ENCRYPTIONS,
  type Encryption,
  type RecordingStorage,
  type StoragePlace,
} from '../api/recordingStorage';
import { IconCheck } from '../icons';
import { Answered } from '../parts/Answered';
import { Card } from '../parts/Card';
import { Fields } from '../parts/Fields';
import { ProblemNotice } from '../parts/ProblemNotice';
import { SkeletonLines } from '../parts/SkeletonLines';
import { useNumberWords } from '../parts/useNumberWords';
import { bucketBody, bucketForm, bucketProblems } from './bucketForm';
import styles from './StorageCard.module.css';

export interface StorageCardProps {
  place: StoragePlace;
  /** Whose storage it is: that of an app, or of the whole platform. */
  of: 'app' | 'platform';
}

/** Where recordings lie: where others chose, or in a bucket. */
export function StorageCard({ place, of }: StorageCardProps): ReactNode {
  const { t } = useTranslation('recordings');
  const query = useQuery(place.query);
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
      {(storage) => <StorageForm place={place} of={of} storage={storage} />}
    </Answered>
  );
}

function StorageForm({
  place,
  of,
  storage,
}: StorageCardProps & { storage: RecordingStorage }): ReactNode {
  const { t } = useTranslation('recordings');
  const words = useNumberWords();
  const queries = useQueryClient();
  const withProof = useProof();
  const [kind, setKind] = useState<'given' | 'bucket'>(storage.s3 ? 'bucket' : 'given');
  const [form, setForm] = useState(() => bucketForm(storage));
  const [encryption, setEncryption] = useState<Encryption>(storage.encryption ?? 'none');
  const [hasProblems, setProblems] = useState(false);
  const test = useMutation({ mutationFn: place.test });
  const save = useMutation({
    mutationFn: () =>
      withProof(() =>
        kind === 'given' ? place.remove() : place.save({ s3: bucketBody(form), encryption }),
      ),
    onSuccess: () => {
      test.reset();
      setForm((before) => ({ ...before, secret_access_key: '' }));
      return queries.invalidateQueries({ queryKey: place.query.queryKey });
    },
  });
  const problems = bucketProblems(form, storage);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    test.reset();
    if (kind === 'bucket' && problems.length > 0) setProblems(true);
    else save.mutate();
  };
  const isSame = kind === 'given' && !storage.is_own;
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
            {storage.s3 && (
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
              {kind === 'bucket' ? t('place.save') : t(`place.save_given.${of}`)}
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
                value: 'given',
                label: t(`place.given.${of}`),
                help: t(`place.given_help.${of}`),
              },
              { value: 'bucket', label: t(`place.own.${of}`), help: t('place.own_help') },
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
                description={storage.s3 ? t('place.secret_kept') : t('place.secret_help')}
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
