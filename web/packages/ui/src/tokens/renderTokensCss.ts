import {
  avatarColors,
  callColors,
  darkColors,
  dimensions,
  lightColors,
  type TokenSet,
} from './tokens';

const HEADER = '/* Generated from tokens.ts by `npm run tokens`; change it there. */';

/**
 * Writes every token as a CSS custom property.
 *
 * The scheme is the attribute that Mantine keeps on the root element; before it is set, the
 * operating system decides. `data-scheme` turns a part of a page to one scheme.
 */
export function renderTokensCss(): string {
  const avatars = Object.fromEntries(
    avatarColors.flatMap(([from, to], index) => [
      [`avatar-${index}-from`, from],
      [`avatar-${index}-to`, to],
    ]),
  );
  return [
    HEADER,
    rule(':root', { ...dimensions, ...callColors, ...avatars }),
    rule(':root,\n[data-scheme="light"]', { ...lightColors }, 'light'),
    `@media (prefers-color-scheme: dark) {\n${indent(
      rule(':root:not([data-mantine-color-scheme])', darkColors, 'dark'),
    )}\n}`,
    rule(':root[data-mantine-color-scheme="dark"],\n[data-scheme="dark"]', darkColors, 'dark'),
  ]
    .join('\n\n')
    .concat('\n');
}

function rule(selector: string, tokens: TokenSet, scheme?: 'light' | 'dark'): string {
  const lines = Object.entries(tokens).map(
    ([name, value]) => `  --${name}: ${value.replaceAll("'", '"')};`,
  );
  if (scheme) lines.unshift(`  color-scheme: ${scheme};`);
  return `${selector} {\n${lines.join('\n')}\n}`;
}

function indent(text: string): string {
  return text
    .split('\n')
    .map((line) => `  ${line}`)
    .join('\n');
}
