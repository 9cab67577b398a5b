import { expect, it } from 'vitest';
import { orderPeople } from './orderPeople';

const people = (...ids: string[]) => ids.map((id) => ({ id, isLocal: id === 'me' }));

it('oneself comes first, newcomers last', () => {
  expect(orderPeople(['me', 'a'], people('a', 'me', 'b'), [], 9)).toEqual(['me', 'a', 'b']);
});

it('who leaves closes the gap and nobody else moves', () => {
  expect(orderPeople(['me', 'a', 'b', 'c'], people('me', 'b', 'c'), [], 9)).toEqual([
    'me',
    'b',
    'c',
  ]);
});

it('a speaker on a later page changes places with the last quiet person of the first', () => {
  expect(orderPeople(['me', 'a', 'b', 'c'], people('me', 'a', 'b', 'c'), ['c'], 3)).toEqual([
    'me',
    'a',
    'c',
    'b',
  ]);
});

it('speakers on the first page stay where they are', () => {
  const previous = ['me', 'a', 'b', 'c'];
  expect(orderPeople(previous, people('me', 'a', 'b', 'c'), ['a'], 3)).toBe(previous);
});

it('oneself and other speakers are never pushed off the page', () => {
  expect(orderPeople(['me', 'a', 'b'], people('me', 'a', 'b'), ['a', 'b'], 2)).toEqual([
    'me',
    'a',
    'b',
  ]);
});
