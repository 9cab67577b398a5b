import type { JoinErrorCode } from '@jumpa/sdk';
import { expect, it } from 'vitest';
import call from '../../locales/en/call.json';
import { joinErrorText } from './joinErrorText';

const codes = Object.keys(call.join_error.title).filter((code) => code !== 'other');

it.each(codes)('%s has its own words', (code) => {
  expect(joinErrorText(code as JoinErrorCode)).toMatchObject({
    title: `join_error.title.${code}`,
    help: `join_error.help.${code}`,
  });
});

it.each(['offer_invalid', 'a_code_of_next_year', 'toString'])('%s gets general words', (code) => {
  expect(joinErrorText(code as JoinErrorCode)).toMatchObject({
    title: 'join_error.title.other',
    isCodeShown: true,
    isFinal: false,
  });
});
