import { answer, type components } from '@jumpa/api-client';
import { queryOptions } from '@tanstack/react-query';
import { api, PAGE_ROWS, type Page } from './api';
import { given } from './given';
import type { RoomPlace } from './rooms';
import { tenantHeader } from './tenant';

type Schemas = components['schemas'];

/** What was recorded of one call. */
export type Recording = Schemas['Recording'];
/** One in a list: with a picture, and names of those who were in it. */
export type ListedRecording = Schemas['ListedRecording'];
/** A recording with its files, people, consents and links. */
export type RecordingDetail = Schemas['RecordingDetail'];
export type RecordingFile = Schemas['RecordingFile'];
export type RecordingState = Schemas['RecordingState'];
/** What an app keeps of recordings, and how much it may. */
export type RecordingQuota = Schemas['RecordingQuota'];
/** A link to a file; it works for 15 minutes. */
export type FileLink = Schemas['FileLink'];

/** Every state, in the order in which a recording goes through them. */
export const RECORDING_STATES: readonly RecordingState[] = [
  'queued',
  'starting',
  'active',
  'finalising',
  'uploading',
  'ready',
  'failed',
];

/** What becomes of calls. */
export const RECORDING_KINDS: readonly Recording['kind'][] = [
  'tracks',
  'composite',
  'audio_only',
  'stream',
];

/** What recordings are narrowed to: asked for at or after `from` and before `until`, RFC 3339. */
export interface RecordingFilter {
  readonly app_id?: string | undefined;
  readonly room?: string | undefined;
  readonly call_id?: string | undefined;
  readonly participant?: string | undefined;
  /** In the room, or in the name of who asked or of somebody in the call. */
  readonly search?: string | undefined;
  readonly state?: RecordingState | undefined;
  readonly kind?: Recording['kind'] | undefined;
  readonly from?: string | undefined;
  readonly until?: string | undefined;
  /** Those that were deleted, in place of those that were not. */
  readonly status?: 'deleted' | undefined;
}

export type RecordingView = Schemas['RecordingView'];
/** Whether every file is still what was recorded. */
export type Verification = Schemas['Verification'];
export type CreatedRecordingLink = Schemas['CreatedRecordingLink'];

/** How often what may still change is asked for again, milliseconds. */
export const RECORDINGS_MS = 10_000;

export const recordingsKey = (tenant: string) => ['tenant', tenant, 'recordings'];

const paramsOf = (tenant: string, recording_id: string) => ({
  header: tenantHeader(tenant),
  path: { recording_id },
});

/** Whether a recording has come to its end, good or bad. */
export function isOver({ state }: Recording): boolean {
  return state === 'ready' || state === 'failed';
}

export async function listRecordings(
  tenant: string,
  filter: RecordingFilter,
  cursor: string | null,
  signal: AbortSignal,
): Promise<Page<ListedRecording>> {
  const query = given({ ...filter, limit: PAGE_ROWS, cursor });
  const params = { header: tenantHeader(tenant), query };
  const page = await answer(api.GET('/v1/recordings', { params, signal }));
  const ownPoster = (poster: FileLink | null) =>
    poster && { ...poster, url: ownAddress(poster.url) };
  return { ...page, data: page.data.map((one) => ({ ...one, poster: ownPoster(one.poster) })) };
}

export const recordingQuotaQuery = (tenant: string) =>
  queryOptions({
    queryKey: [...recordingsKey(tenant), 'quota'],
    queryFn: ({ signal }) =>
      answer(api.GET('/v1/recordings/quota', { params: { header: tenantHeader(tenant) }, signal })),
  });

export const recordingQuery = (tenant: string, id: string) =>
  queryOptions({
    queryKey: [...recordingsKey(tenant), id],
    queryFn: ({ signal }) =>
      answer(api.GET('/v1/recordings/{recording_id}', { params: paramsOf(tenant, id), signal })),
    refetchInterval: ({ state: { data } }) => (data && isOver(data) ? false : RECORDINGS_MS),
  });

/**
 * The picture of a recording as the list shows it: a link that was made for it alone would stand
 * among the views, as if somebody had watched.
 */
export const posterQuery = (tenant: string, recording: RecordingDetail | undefined) =>
  queryOptions({
    queryKey: [...recordingsKey(tenant), recording?.id, 'poster'],
    queryFn: async ({ signal }) => {
      const filter = { call_id: recording?.call_id };
      const { data } = await listRecordings(tenant, filter, null, signal);
      return data.find(({ id }) => id === recording?.id)?.poster ?? null;
    },
    // The picture stays once it is loaded, and a later link would load it again.
    staleTime: Number.POSITIVE_INFINITY,
  });

/** Makes a link to a file; that it was made stands with who looked at the recording. */
export async function linkFile(
  tenant: string,
  recording_id: string,
  file_id: string,
  is_download = false,
): Promise<FileLink> {
  const params = { header: tenantHeader(tenant), path: { recording_id, file_id } };
  const body = { is_download };
  const link = await answer(
    api.POST('/v1/recordings/{recording_id}/files/{file_id}/link', { params, body }),
  );
  return { ...link, url: ownAddress(link.url) };
}

/** The address on the host of the dashboard: a page may open with several, and plays from its own alone. */
function ownAddress(url: string): string {
  const { pathname, search } = new URL(url);
  return pathname.startsWith('/v1/recording_files/') ? `${pathname}${search}` : url;
}

/** Lets the browser save a file. */
export async function saveFile(
  tenant: string,
  recording: string,
  { id, name }: RecordingFile,
): Promise<void> {
  const { url } = await linkFile(tenant, recording, id, true);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
}

/** How a call shall be recorded. */
export type RecordingWish = Schemas['StartRecording'];
/** How calls are recorded, as it stands with an app or a recording. */
export type RecordingOptions = Schemas['RecordingOptions'];

/** Records the call of a room from now on. */
export async function startRecording(
  { tenant, app, room }: RoomPlace,
  body: RecordingWish,
): Promise<Recording> {
  const params = { header: tenantHeader(tenant), path: { app_id: app, room } };
  return answer(api.POST('/v1/apps/{app_id}/rooms/{room}/recordings', { params, body }));
}

/** Sends a stream to these places from now on, and to no others. */
export async function setStreamTargets(
  tenant: string,
  id: string,
  targets: Schemas['SetTargets']['targets'],
): Promise<void> {
  const params = paramsOf(tenant, id);
  await answer(api.PUT('/v1/recordings/{recording_id}/targets', { params, body: { targets } }));
}

export async function stopRecording(tenant: string, id: string): Promise<void> {
  await api.POST('/v1/recordings/{recording_id}/stop', { params: paramsOf(tenant, id) });
}

export async function deleteRecording(tenant: string, id: string, reason: string): Promise<void> {
  const params = paramsOf(tenant, id);
  await api.DELETE('/v1/recordings/{recording_id}', { params, body: { reason } });
}

export async function restoreRecording(tenant: string, id: string): Promise<void> {
  await api.POST('/v1/recordings/{recording_id}/restore', { params: paramsOf(tenant, id) });
}

export async function holdRecording(tenant: string, id: string, is_held: boolean): Promise<void> {
  const params = paramsOf(tenant, id);
  await api.PUT('/v1/recordings/{recording_id}/legal_hold', { params, body: { is_held } });
}

/** Makes a link for people without a login; its address is in this answer alone. */
export async function shareRecording(
  tenant: string,
  id: string,
  expires_in_s: number,
): Promise<CreatedRecordingLink> {
  const params = paramsOf(tenant, id);
  return answer(
    api.POST('/v1/recordings/{recording_id}/links', { params, body: { expires_in_s } }),
  );
}

/** How long the links of a shared recording are used before they are asked for again, milliseconds. */
const SHARED_MS = 13 * 60_000;

/** A recording as its link shows it; each question stands with the views, so none is asked twice. */
export const sharedRecordingQuery = (token: string) =>
  queryOptions({
    queryKey: ['shared_recording', token],
    queryFn: async ({ signal }) => {
      const params = { path: { token } };
      const shared = await answer(api.GET('/v1/recording_links/{token}', { params, signal }));
      const files = shared.files.map(({ file, link }) => ({
        file,
        link: { ...link, url: ownAddress(link.url) },
      }));
      return { ...shared, files };
    },
    staleTime: SHARED_MS,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
    retry: false,
  });

/** Where people open a link that was made: the page that plays it, on the host of its address. */
export function sharedPage({ url }: CreatedRecordingLink): string {
  const { origin, pathname } = new URL(url);
  return `${origin}/dashboard/shared/${pathname.split('/').at(-1)}`;
}

export async function revokeRecordingLink(
  tenant: string,
  recording_id: string,
  link_id: string,
): Promise<void> {
  const params = { header: tenantHeader(tenant), path: { recording_id, link_id } };
  await api.DELETE('/v1/recordings/{recording_id}/links/{link_id}', { params });
}

/** Reads every file again and compares checksums; it takes as long as reading them does. */
export async function verifyRecording(tenant: string, id: string): Promise<Verification> {
  const params = paramsOf(tenant, id);
  return answer(api.POST('/v1/recordings/{recording_id}/verify', { params }));
}

export async function listRecordingViews(
  tenant: string,
  id: string,
  cursor: string | null,
  signal: AbortSignal,
): Promise<Page<RecordingView>> {
  const params = { ...paramsOf(tenant, id), query: given({ limit: PAGE_ROWS, cursor }) };
  return answer(api.GET('/v1/recordings/{recording_id}/views', { params, signal }));
}
