import { expect, it } from 'vitest';
import type { PreparedRoom } from '../../api/preparedRooms';
import { preparationBody, preparationForm, preparationProblems } from './preparation';

const ZONE = 'Asia/Jakarta';
const before: PreparedRoom = {
  app_id: 'klinik-sehat-p7w2m',
  room: 'konsultasi-budi',
  has_password: false,
  has_lobby: false,
  max_participants: null,
  auto_record: null,
  recording_required: false,
  expires_at: '2026-12-01T03:00:42Z',
  prepared_at: '2026-11-22T04:30:00Z',
};

it('keeps the seconds of a time that nobody changed', () => {
  const form = preparationForm(before, ZONE);
  expect(form.until).toBe('2026-12-01T10:00');
  expect(preparationBody(form, before, ZONE).expires_at).toBe('2026-12-01T03:00:42Z');
  const later = preparationBody({ ...form, until: '2026-12-01T10:01' }, before, ZONE);
  expect(later.expires_at).toBe('2026-12-01T03:01:00Z');
});

it('holds until the call where no time is chosen', () => {
  const form = { ...preparationForm(before, ZONE), until: '' };
  expect(preparationBody(form, before, ZONE)).toEqual({ has_lobby: false });
});

it.each([
  ['Ruang-1', true],
  ['ruang_1.2~a', true],
  ['', false],
  ['..', false],
  ['ruang 1', false],
  ['x'.repeat(101), false],
])('a room called %s: %s', (room, isTaken) => {
  const form = { ...preparationForm(null, ZONE), room };
  const problems = preparationProblems(form, null, ZONE, new Date('2026-11-22T04:30:00Z'));
  expect(problems).toEqual(isTaken ? [] : ['room']);
});
