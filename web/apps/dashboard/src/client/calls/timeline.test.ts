import { describe, expect, it } from 'vitest';
import type { CallEvent, CallParticipant } from '../../api/calls';
import { placeOf, ticksOf, timelineOf } from './timeline';

const at = (seconds: number) => new Date(Date.UTC(2026, 10, 22, 9, 0, seconds)).toISOString();
const ms = (seconds: number) => Date.parse(at(seconds));
const budi: CallParticipant = {
  participant_id: 'par_budi',
  name: 'Budi',
  subject: null,
  role: 'participant',
  stays: [{ joined_at: at(0), left_at: at(100), leave_reason: 'left' }],
  duration_s: 100,
  browser: 'Chrome 141',
  os: 'Android 14',
  sdk: '',
  via: 'signalling',
  transport: 'udp',
  codecs: [],
  quality: 'good',
  mos: 4.3,
  hints: [],
};
let events = 0;
const event = (
  seconds: number,
  kind: CallEvent['kind'],
  detail: Record<string, string>,
): CallEvent => {
  events += 1;
  return { id: `rep_${events}`, at: at(seconds), participant_id: 'par_budi', kind, detail };
};
const source = (seconds: number, name: string, state: string) =>
  event(seconds, 'source_changed', { source: name, state });
const connection = (seconds: number, state: string) =>
  event(seconds, 'connection_changed', { connection: state });
const call = { started_at: at(0), ended_at: at(100) };
const spans = (list: readonly CallEvent[], participant = budi) =>
  timelineOf(call, [participant], list, ms(200)).lanes[0]?.spans.map(
    ({ kind, from, until }) => `${kind} ${(from - ms(0)) / 1_000}-${(until - ms(0)) / 1_000}`,
  );

describe('the timeline of a call', () => {
  it('shows when a microphone was on, between mutes and until the leave', () => {
    const list = [
      source(0, 'microphone', 'live'),
      source(20, 'microphone', 'muted'),
      source(50, 'microphone', 'live'),
    ];
    expect(spans(list)).toEqual(['present 0-100', 'microphone 0-20', 'microphone 50-100']);
  });

  it('shows how long somebody was cut off', () => {
    const list = [
      connection(1, 'connected'),
      connection(30, 'reconnecting'),
      connection(42, 'connected'),
    ];
    expect(spans(list)).toEqual(['present 0-100', 'reconnecting 30-42']);
  });

  it('ends everything with the leave and begins anew with the return', () => {
    const twice: CallParticipant = {
      ...budi,
      stays: [
        { joined_at: at(0), left_at: at(40), leave_reason: 'connection_lost' },
        { joined_at: at(60), left_at: at(100), leave_reason: 'left' },
      ],
    };
    const list = [
      source(0, 'camera', 'live'),
      connection(38, 'reconnecting'),
      source(61, 'camera', 'live'),
    ];
    expect(spans(list, twice)).toEqual([
      'present 0-40',
      'camera 0-40',
      'reconnecting 38-40',
      'present 60-100',
      'camera 61-100',
    ]);
  });

  it('reaches until now while the call goes on', () => {
    const here = { ...budi, stays: [{ joined_at: at(0), left_at: null, leave_reason: null }] };
    const { until, lanes } = timelineOf({ ...call, ended_at: null }, [here], [], ms(200));
    expect(until).toBe(ms(200));
    expect(lanes[0]?.spans[0]).toMatchObject({ until: ms(200), isOpen: true });
  });

  it('does not care about the order in which events come', () => {
    const list = [source(20, 'screen', 'off'), source(10, 'screen', 'live')];
    expect(spans(list)).toEqual(['present 0-100', 'screen 10-20']);
  });

  it('knows only what it can draw', () => {
    const list = [source(0, 'screen_audio', 'live'), event(3, 'invented' as CallEvent['kind'], {})];
    expect(spans(list)).toEqual(['present 0-100']);
  });
});

it('moments stand where they belong and never outside', () => {
  const axis = { from: ms(0), until: ms(100) };
  expect([-5, 0, 25, 100, 130].map((seconds) => placeOf(ms(seconds), axis))).toEqual([
    0, 0, 0.25, 1, 1,
  ]);
});

it('the axis is named at round distances', () => {
  const axis = { from: ms(0), until: ms(100) };
  expect(ticksOf(axis, 5).map((tick) => (tick - ms(0)) / 1_000)).toEqual([0, 30, 60, 90]);
});
