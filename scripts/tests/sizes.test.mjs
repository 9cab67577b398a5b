import assert from 'node:assert/strict';
import { test } from 'node:test';
import { againstBudget, firstLoad } from '../lib/sizes.mjs';

test('scripts, preloaded imports and styles are the first load', () => {
  const html = `<script type="module" crossorigin src="/assets/index-1.js"></script>
    <link rel="modulepreload" crossorigin href="/assets/react-2.js">
    <link rel="stylesheet" crossorigin href="/assets/index-3.css">
    <link rel="icon" href="/assets/icon.svg">`;
  assert.deepEqual(firstLoad(html), [
    'assets/index-1.js',
    'assets/react-2.js',
    'assets/index-3.css',
  ]);
});

test('a page over its budget is refused', () => {
  assert.deepEqual(againstBudget('page', 220_000, 220).problems, []);
  assert.equal(againstBudget('page', 220_001, 220).problems.length, 1);
});
