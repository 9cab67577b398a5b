import type { AppUsageLimits, Overview, TenantUsage, UsageRow } from '../api/numbers';
import { addDays, todayIn } from '../parts/period';
import type { Answer } from '../testing/FakeApi';

const DAYS = 30;
const ZONE = 'Asia/Jakarta';

/** A course that looks like that of a clinic: quiet Sundays, busy Mondays, some growth. */
function busyness(date: string, index: number): number {
  const weekday = new Date(date).getUTCDay();
  const usual = [0.15, 1, 0.9, 0.85, 0.8, 0.7, 0.4][weekday] ?? 1;
  return usual * (0.75 + index / 90 + 0.12 * Math.sin(index * 2.3));
}

function overviewDays(): Overview['days'] {
  const today = todayIn(ZONE);
  return Array.from({ length: DAYS }, (_, index) => {
    const date = addDays(today, index - DAYS + 1);
    const share = busyness(date, index);
    const calls = Math.round(64 * share);
    return {
      date,
      calls,
      participant_minutes: Math.round(calls * 2.2 * 14.3 * 100) / 100,
      participants: Math.round(calls * 2.2),
      peak_participants: Math.round(6 + 18 * share),
      good_quality_share: index === 11 ? null : Math.min(1, 0.9 + 0.06 * Math.sin(index)),
    };
  });
}

function overview(): Overview {
  const hour = (day: number, at: number) => {
    const open = at >= 8 && at <= 20 ? Math.sin(((at - 7) / 14) * Math.PI) : 0.03;
    const noon = at === 12 ? 0.5 : 1;
    return Math.round(38 * open * noon * ([1, 0.9, 0.85, 0.8, 0.7, 0.35, 0.12][day] ?? 1));
  };
  return {
    time_zone: ZONE,
    live: { calls: 3, participants: 8 },
    totals: {
      calls: 1_312,
      participant_minutes: 41_276.48,
      participants: 2_886,
      peak_participants: 27,
      monthly_active_users: 1_940,
      one_on_one_share: 0.842,
      good_quality_share: 0.934,
      median_duration_s: 754,
    },
    previous: {
      calls: 1_171,
      participant_minutes: 35_920.1,
      participants: 2_590,
      peak_participants: 29,
      monthly_active_users: 1_811,
      one_on_one_share: 0.851,
      good_quality_share: 0.912,
      median_duration_s: 741,
    },
    days: overviewDays(),
    hours: Array.from({ length: 7 }, (_, day) =>
      Array.from({ length: 24 }, (__, at) => hour(day, at)),
    ),
    top_rooms: [
      ['konsultasi-dr-ayu', 412, 12_840.2],
      ['konsultasi-dr-bima', 260, 8_412.75],
      ['apotek', 187, 2_960.5],
      ['pendaftaran', 141, 1_204],
      ['rapat-senin', 4, 960.33],
    ].map(([room, calls, minutes]) => ({
      app_id: 'klinik-sehat-p7w2m',
      room: String(room),
      calls: Number(calls),
      participant_minutes: Number(minutes),
    })),
    clients: [
      { browser: 'Chrome 141', os: 'Android 14', participants: 1_402 },
      { browser: 'Safari 18', os: 'iOS 18', participants: 611 },
      { browser: 'Chrome 141', os: 'Windows 11', participants: 548 },
      { browser: 'Firefox 140', os: 'Linux', participants: 74 },
      { browser: '', os: '', participants: 12 },
    ],
  };
}

function usage(): readonly UsageRow[] {
  return [...overviewDays()].reverse().flatMap(({ date, calls, participant_minutes }, index) => [
    {
      period: date,
      app_id: 'klinik-sehat-p7w2m',
      app_name: 'Klinik Sehat',
      calls,
      participant_minutes,
      participants: Math.round(calls * 2.2),
      peak_participants: 9 + (index % 8),
      monthly_active_users: null,
    },
  ]);
}

const limits: readonly AppUsageLimits[] = [
  {
    app_id: 'klinik-sehat-p7w2m',
    app_name: 'Klinik Sehat',
    limits: [
      {
        name: 'minutes_per_month',
        used: 41_276,
        limit: 50_000,
        ratio: 0.8255,
        alert: 'warning',
      },
      { name: 'max_calls', used: 3, limit: null, ratio: null, alert: 'none' },
      { name: 'max_participants', used: 14, limit: 50, ratio: 0.28, alert: 'none' },
    ],
  },
  {
    app_id: 'klinik-coba-a3b8x',
    app_name: 'Klinik Sehat (coba)',
    limits: [
      { name: 'minutes_per_month', used: 1_000, limit: 1_000, ratio: 1, alert: 'reached' },
      { name: 'max_calls', used: 0, limit: 2, ratio: 0, alert: 'none' },
      { name: 'max_participants', used: 0, limit: 10, ratio: 0, alert: 'none' },
    ],
  },
];

const ranking: readonly TenantUsage[] = (
  [
    ['Klinik Sehat', 2, 1_312, 41_276.48],
    ['Toko Melati', 1, 640, 9_120.5],
    ['Rumah Sakit Permata Bunda', 3, 212, 7_044.12],
    ['Apotek Agus', 1, 12, 88.07],
  ] as const
).map(([tenant_name, apps, calls, participant_minutes], index) => ({
  tenant_id: `ten_${index}`,
  tenant_name,
  apps,
  calls,
  participant_minutes,
  participants: Math.round(calls * 2.2),
  peak_participants: 27 - index * 6,
  monthly_active_users: Math.round(calls * 1.5),
}));

const NOTHING = {
  calls: 0,
  participant_minutes: 0,
  participants: 0,
  peak_participants: 0,
  monthly_active_users: 0,
  one_on_one_share: null,
  good_quality_share: null,
  median_duration_s: null,
};

/** What the server answers about calls and numbers in the gallery. */
export const numbersApi: Readonly<Record<string, Answer>> = {
  'GET /v1/overview': { body: overview() },
  'GET /v1/usage': { body: { data: usage() } },
  'GET /v1/usage/limits': { body: { data: limits } },
};

/** What it answers the operator. */
export const rankingApi: Readonly<Record<string, Answer>> = {
  'GET /v1/operator/usage': { body: { data: ranking } },
};

/** The same of a tenant that never called. */
export const emptyNumbersApi: Readonly<Record<string, Answer>> = {
  'GET /v1/overview': {
    body: {
      ...overview(),
      live: { calls: 0, participants: 0 },
      totals: NOTHING,
      previous: NOTHING,
      days: [],
      top_rooms: [],
      clients: [],
    },
  },
};

/** The screens of numbers by name: their address below the tenant and what differs there. */
export const numbersScenes: Readonly<
  Record<string, { readonly path: string; readonly api?: Readonly<Record<string, Answer>> }>
> = {
  overview: { path: '/overview' },
  'overview-empty': { path: '/overview', api: emptyNumbersApi },
  'overview-loading': { path: '/overview', api: { 'GET /v1/overview': 'never' } },
  'overview-error': {
    path: '/overview',
    api: { 'GET /v1/overview': { problem: 'internal', status: 500 } },
  },
  'overview-forbidden': {
    path: '/overview',
    api: { 'GET /v1/overview': { problem: 'forbidden', status: 403 } },
  },
  usage: { path: '/usage' },
  'usage-empty': {
    path: '/usage',
    api: {
      'GET /v1/usage': { body: { data: [] } },
      'GET /v1/usage/limits': { body: { data: [] } },
    },
  },
  'usage-loading': {
    path: '/usage',
    api: { 'GET /v1/usage': 'never', 'GET /v1/usage/limits': 'never' },
  },
  'usage-error': {
    path: '/usage',
    api: {
      'GET /v1/usage': { problem: 'internal', status: 500 },
      'GET /v1/usage/limits': { problem: 'internal', status: 500 },
    },
  },
};
