import type { Preparation, PreparedRoom } from '../../api/preparedRooms';
import { clockTime, momentOf } from '../../parts/momentOf';

/** What happens to the password of a room that is prepared with one, which nobody is shown. */
export const PASSWORD_CHOICES = ['kept', 'new', 'none'] as const;
export type PasswordChoice = (typeof PASSWORD_CHOICES)[number];

/** Most participants that any call can have. */
const MOST_PARTICIPANTS = 100_000;

/** How a room is prepared, as a form holds it; how it is recorded stands beside it. */
export interface PreparationForm {
  readonly room: string;
  readonly password: PasswordChoice;
  /** Empty for none, where there was none. */
  readonly newPassword: string;
  readonly hasLobby: boolean;
  /** Empty where the app says how many. */
  readonly most: string;
  /** `YYYY-MM-DDTHH:MM`, empty until its call begins. */
  readonly until: string;
}

/** The form of a room; `null` where nothing is prepared yet. `zone` is the clock of its times. */
export function preparationForm(before: PreparedRoom | null, zone: string): PreparationForm {
  return {
    room: before?.room ?? '',
    password: before?.has_password ? 'kept' : 'new',
    newPassword: '',
    hasLobby: before?.has_lobby ?? false,
    most: `${before?.max_participants ?? ''}`,
    until: before?.expires_at ? clockTime(before.expires_at, zone) : '',
  };
}

export type PreparationProblem = 'room' | 'password' | 'most' | 'until';

/** The fields that the server would not take at a moment. */
export function preparationProblems(
  form: PreparationForm,
  before: PreparedRoom | null,
  zone: string,
  now: Date,
): readonly PreparationProblem[] {
  const { room, most, until } = form;
  const isRoom = /^[a-z0-9\-_.~]{1,100}$/i.test(room.trim()) && !/^\.{1,2}$/.test(room.trim());
  const isMost =
    most.trim() === '' || (/^[1-9]\d*$/.test(most.trim()) && +most <= MOST_PARTICIPANTS);
  const isUntil = until === '' || Date.parse(moment(form, before, zone) ?? '') > now.getTime();
  const isPassword = !before?.has_password || form.password !== 'new' || form.newPassword !== '';
  return [
    ...(isRoom ? [] : (['room'] as const)),
    ...(isPassword ? [] : (['password'] as const)),
    ...(isMost ? [] : (['most'] as const)),
    ...(isUntil ? [] : (['until'] as const)),
  ];
}

/** The form without its room, as the API takes it. */
export function preparationBody(
  form: PreparationForm,
  before: PreparedRoom | null,
  zone: string,
): Preparation {
  const { password, newPassword, hasLobby, most } = form;
  const expires_at = moment(form, before, zone);
  return {
    has_lobby: hasLobby,
    ...(password === 'kept' && { keeps_password: true }),
    ...(password === 'new' && newPassword !== '' && { password: newPassword }),
    ...(most.trim() !== '' && { max_participants: Number(most) }),
    ...(expires_at && { expires_at }),
  };
}

/** Until when; a time that nobody changed keeps its seconds, which the field does not show. */
function moment(
  { until }: PreparationForm,
  before: PreparedRoom | null,
  zone: string,
): string | null {
  if (until === '') return null;
  const stands = before?.expires_at ?? null;
  return stands && clockTime(stands, zone) === until ? stands : momentOf(until, zone);
}
