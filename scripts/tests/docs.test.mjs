import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import { relativeLinks, scriptOf, testedBlocks } from '../lib/docs.mjs';

const MARKDOWN = [
  '# Guide',
  '```sh',
  'exit 1',
  '```',
  '```sh test',
  'echo one',
  '```',
  '```js test',
  "console.log('two');",
  '```',
  '[start](guide/start.md#first) [away](https://example.test) [here](#top)',
  '',
].join('\n');

test('only blocks marked as tested are taken, with their line', () => {
  const blocks = testedBlocks(MARKDOWN);
  assert.deepEqual(
    blocks.map(({ language, line }) => [language, line]),
    [
      ['sh', 5],
      ['js', 8],
    ],
  );
});

test('the blocks of a document run as one script', () => {
  const output = execFileSync('bash', ['-c', scriptOf(testedBlocks(MARKDOWN))], {
    encoding: 'utf8',
  });
  assert.equal(output, 'one\ntwo\n');
});

test('a failing command fails the script', () => {
  const blocks = testedBlocks('```sh test\nfalse\necho after\n```\n');
  assert.throws(() => execFileSync('bash', ['-c', scriptOf(blocks)], { stdio: 'pipe' }));
});

test('relative links are followed without anchors', () => {
  assert.deepEqual(relativeLinks(MARKDOWN), ['guide/start.md']);
});
