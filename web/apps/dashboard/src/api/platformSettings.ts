import { answer, type components } from '@jumpa/api-client';
import { type QueryClient, queryOptions, useQuery } from '@tanstack/react-query';
import { api } from './api';

type Schemas = components['schemas'];

/** Choices that hold for the whole platform. */
export type PlatformSettings = Schemas['PlatformSettings'];
export type PlatformSettingsChange = Schemas['UpdateSettings'];
/** One thing that the server was started with. */
export type StartSetting = Schemas['StartSetting'];
/** What the mail server said. */
export type TestMailOutcome = Schemas['TestMailOutcome'];
/** The platform as everybody may see it. */
export type PublicPlatform = Schemas['PublicPlatform'];

export const settingsQuery = queryOptions({
  queryKey: ['operator', 'settings'],
  queryFn: ({ signal }) => answer(api.GET('/v1/operator/settings', { signal })),
});

export const publicPlatformQuery = queryOptions({
  queryKey: ['public_platform'],
  queryFn: ({ signal }) => answer(api.GET('/v1/public/platform', { signal })),
  staleTime: 5 * 60_000,
});

/** How the platform is called until the server has said it, or when it cannot. */
const UNNAMED: PublicPlatform = {
  name: 'Jumpa',
  language: 'en',
  support_email: null,
  support_url: null,
};

/** The name of the platform and where people ask for help. */
export function usePlatform(): PublicPlatform {
  return useQuery(publicPlatformQuery).data ?? UNNAMED;
}

/** The language of the platform; English when the server cannot say it. */
export async function platformLanguage(queries: QueryClient): Promise<PublicPlatform['language']> {
  const platform = await queries.fetchQuery(publicPlatformQuery).catch(() => UNNAMED);
  return platform.language;
}

export async function changeSettings(body: PlatformSettingsChange): Promise<PlatformSettings> {
  return answer(api.PATCH('/v1/operator/settings', { body }));
}

/** Sends a mail at once, to whoever asks or to somebody else. */
export async function sendTestMail(recipient: string): Promise<TestMailOutcome> {
  const body = recipient === '' ? {} : { recipient };
  return answer(api.POST('/v1/operator/test_mail', { body }));
}
