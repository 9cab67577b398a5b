import type { RecordingStorage, StorageChange } from '../api/recordingStorage';

/** What is entered of a bucket. */
export interface BucketForm {
  readonly endpoint: string;
  readonly region: string;
  readonly bucket: string;
  readonly prefix: string;
  readonly access_key_id: string;
  readonly secret_access_key: string;
}

/** What each field may be, as the server has it. */
const RULES: Readonly<Record<keyof BucketForm, RegExp>> = {
  endpoint: /^(https?:\/\/[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?(:[0-9]{1,5})?\/?)?$/,
  region: /^[A-Za-z0-9-]{1,64}$/,
  bucket: /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/,
  prefix: /^([A-Za-z0-9_-]+(\/[A-Za-z0-9_-]+)*)?$/,
  access_key_id: /^[!-~]{1,128}$/,
  secret_access_key: /^[!-~]{1,256}$/,
};

/** The form over what is stored; the secret is known to the server alone. */
export function bucketForm({ s3 }: RecordingStorage): BucketForm {
  return {
    endpoint: s3?.endpoint ?? '',
    region: s3?.region ?? '',
    bucket: s3?.bucket ?? '',
    prefix: s3?.prefix ?? '',
    access_key_id: s3?.access_key_id ?? '',
    secret_access_key: '',
  };
}

/** The fields that have to be set right; the secret may stay away while place and key stay. */
export function bucketProblems(
  form: BucketForm,
  { s3 }: RecordingStorage,
): readonly (keyof BucketForm)[] {
  const isSamePlace =
    s3 !== null &&
    form.endpoint.trim() === (s3.endpoint ?? '') &&
    form.bucket.trim() === s3.bucket &&
    form.access_key_id.trim() === s3.access_key_id;
  const mayStay = isSamePlace && form.secret_access_key === '';
  return (Object.keys(RULES) as (keyof BucketForm)[]).filter(
    (name) => !(name === 'secret_access_key' && mayStay) && !RULES[name].test(form[name].trim()),
  );
}

/** The bucket as the API asks for it. */
export function bucketBody(form: BucketForm): StorageChange['s3'] {
  const { endpoint, region, bucket, prefix, access_key_id, secret_access_key } = form;
  return {
    region: region.trim(),
    bucket: bucket.trim(),
    access_key_id: access_key_id.trim(),
    ...(endpoint.trim() !== '' && { endpoint: endpoint.trim() }),
    ...(prefix.trim() !== '' && { prefix: prefix.trim() }),
    ...(secret_access_key !== '' && { secret_access_key: secret_access_key.trim() }),
  };
}
