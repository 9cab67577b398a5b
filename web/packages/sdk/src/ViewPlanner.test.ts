import { describe, expect, it } from 'vitest';
import { isSameView, type ViewDemand, ViewPlanner } from './ViewPlanner.js';

function demand(name: string, fields: Partial<ViewDemand> = {}): ViewDemand {
  return { participantId: name, source: 'camera', height: 180, priority: 100, ...fields };
}

function standing(planner: ViewPlanner, demands: readonly ViewDemand[]): Record<number, string> {
  const { slots } = planner.plan(demands);
  return Object.fromEntries(slots.map(({ slot, participantId }) => [slot, participantId]));
}

describe('ViewPlanner', () => {
  it('gives each picture a slot', () => {
    const planner = new ViewPlanner(4);
    expect(standing(planner, [demand('a'), demand('b')])).toEqual({ 0: 'a', 1: 'b' });
  });

  it('keeps a picture in its slot whatever the order of the tiles', () => {
    const planner = new ViewPlanner(4);
    standing(planner, [demand('a'), demand('b'), demand('c')]);
    const after = standing(planner, [demand('c'), demand('d'), demand('b')]);
    expect(after).toEqual({ 0: 'd', 1: 'b', 2: 'c' });
  });

  it('frees the slots of pictures that are no longer wanted', () => {
    const planner = new ViewPlanner(4);
    standing(planner, [demand('a'), demand('b')]);
    expect(standing(planner, [demand('b')])).toEqual({ 1: 'b' });
  });

  it('puts a picture that comes back into its old slot', () => {
    const planner = new ViewPlanner(4);
    standing(planner, [demand('a'), demand('b'), demand('c')]);
    standing(planner, [demand('c')]);
    expect(standing(planner, [demand('c'), demand('b')])).toEqual({ 1: 'b', 2: 'c' });
  });

  it('shows one picture in many tiles from one slot, at the largest size', () => {
    const planner = new ViewPlanner(4);
    const { slots } = planner.plan([
      demand('a', { height: 90, priority: 1 }),
      demand('a', { height: 700, priority: 9 }),
      demand('a', { source: 'screen' }),
    ]);
    expect(slots).toMatchObject([
      { slot: 0, source: 'camera', height: 720, priority: 9 },
      { slot: 1, source: 'screen' },
    ]);
  });

  it('serves higher priorities when there are too few slots', () => {
    const planner = new ViewPlanner(2);
    const demands = [demand('a', { priority: 1 }), demand('b'), demand('c')];
    expect(Object.values(standing(planner, demands)).sort()).toEqual(['b', 'c']);
  });

  it('prefers those who are shown already among equals', () => {
    const planner = new ViewPlanner(2);
    standing(planner, [demand('b'), demand('c')]);
    expect(standing(planner, [demand('a'), demand('b'), demand('c')])).toEqual({ 0: 'b', 1: 'c' });
  });

  it.each([
    [4, 4],
    [5, 9],
    [10, 16],
    [17, 25],
    [26, 49],
    [60, 49],
  ])('wants for %i pictures %i slots', (pictures, slots) => {
    const demands = Array.from({ length: pictures }, (_, index) => demand(`p${index}`));
    expect(new ViewPlanner(4).plan(demands).wantedSlotCount).toBe(slots);
  });

  it('never wants fewer slots than there are', () => {
    expect(new ViewPlanner(16).plan([demand('a')]).wantedSlotCount).toBe(16);
  });

  it('fills new slots with those who went without', () => {
    const planner = new ViewPlanner(1);
    standing(planner, [demand('a'), demand('b')]);
    planner.handleSlotCount(4);
    expect(standing(planner, [demand('a'), demand('b')])).toEqual({ 0: 'a', 1: 'b' });
  });

  it('asks for heights in steps, so that resizing asks seldom', () => {
    const planner = new ViewPlanner(4);
    const first = planner.plan([demand('a', { height: 300 })]).slots;
    expect(isSameView(first, planner.plan([demand('a', { height: 359 })]).slots)).toBe(true);
    expect(isSameView(first, planner.plan([demand('a', { height: 361 })]).slots)).toBe(false);
  });

  it('begins anew with a new connection', () => {
    const planner = new ViewPlanner(4);
    standing(planner, [demand('a'), demand('b')]);
    planner.reset(4);
    expect(standing(planner, [demand('b')])).toEqual({ 0: 'b' });
  });
});
