/** Ten shades of one hue, lightest first; index 6 is the shade named "600". */
export type Shades = readonly [
  string,
  string,
  string,
  string,
  string,
  string,
  string,
  string,
  string,
  string,
];

/** Sea teal: the primary colour. White text on shade 6 has a contrast of 5.1. */
const laut: Shades = [
  '#ecf8f7',
  '#d0efed',
  '#a3dfdb',
  '#6cc8c3',
  '#3aaba7',
  '#1a9391',
  '#0e7c7b',
  '#0b6363',
  '#0a4d4e',
  '#083b3c',
];

/** Turmeric: attention and live. Carries dark text only. */
const kunyit: Shades = [
  '#fff8e6',
  '#feecc0',
  '#fcdc8a',
  '#f8c955',
  '#f2b62e',
  '#e8a317',
  '#b9790a',
  '#8c590c',
  '#6b440d',
  '#4d310c',
];

/** Chilli: danger and hang up. White text on shade 6 has a contrast of 4.9. */
const cabai: Shades = [
  '#fef1f0',
  '#fdddda',
  '#fabbb6',
  '#f48f87',
  '#ea6057',
  '#df4239',
  '#d3362d',
  '#ac2720',
  '#88221d',
  '#6b1e1a',
];

/** Leaf: good. */
const daun: Shades = [
  '#eef8f1',
  '#d4eedc',
  '#a9ddb9',
  '#77c690',
  '#4bab6a',
  '#369a56',
  '#2f8f4e',
  '#23703c',
  '#1d5931',
  '#174627',
];

/** Slightly cool greys. */
const neutral: Shades = [
  '#f6f8f9',
  '#eaeef0',
  '#dce2e5',
  '#c3ccd1',
  '#a3aeb5',
  '#75838b',
  '#4c5860',
  '#313b42',
  '#1c242a',
  '#0b1014',
];

/** Every hue of the product. Components never use these; they use the semantic tokens. */
export const palette = { laut, kunyit, cabai, daun, neutral } as const;

/** The name of a hue. */
export type Hue = keyof typeof palette;
