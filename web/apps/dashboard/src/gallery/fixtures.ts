import type { Answer } from '../testing/FakeApi';

/** A screen: its address and what the server answers there. */
export interface Scene {
  readonly path: string;
  readonly api: Readonly<Record<string, Answer>>;
}

/** As long as names of hospitals get. */
export const LONG_NAME =
  'Rumah Sakit Ibu dan Anak Permata Bunda Sejahtera Kabupaten Tangerang Selatan, Unit Telekonsultasi';

/** Somebody who is signed in. */
export const person = (id: string, name: string, email: string) => ({
  id: `usr_${id}`,
  name,
  email,
  language: 'en',
  is_operator: false,
  has_totp: false,
  memberships: [] as readonly object[],
});
export const operator = {
  ...person('rina', 'Rina Kusuma', 'rina@jumpa.example'),
  is_operator: true,
};
/** What the operator's screens ask besides their own. */
export const signedIn: Scene['api'] = { 'GET /v1/me': { body: operator } };
/** One page of a list. */
export const list = (data: readonly unknown[], next_cursor: string | null = null): Answer => ({
  body: { data, next_cursor },
});
/** A moment before now; after it when `minutes` is negative. */
export const ago = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString();
