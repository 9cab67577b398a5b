import { avatarColors } from '../tokens/tokens';

/**
 * One or two letters that stand for a name: of the first and the last word.
 *
 * Words without a letter or digit (emoji, brackets) are skipped; an empty name gives `?`.
 */
export function initials(name: string): string {
  const words = name
    .split(/\s+/u)
    .map((word) => /[\p{L}\p{N}]/u.exec(word)?.[0])
    .filter((letter) => letter !== undefined);
  const first = words[0];
  const last = words.length > 1 ? words[words.length - 1] : '';
  return first === undefined ? '?' : `${first}${last}`.toLocaleUpperCase();
}

/** Index of the avatar colours for somebody: the same everywhere, spread by `seed` (name or id). */
export function avatarColorIndex(seed: string): number {
  let hash = 0x811c9dc5;
  for (const character of seed) {
    hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193);
  }
  return (hash >>> 0) % avatarColors.length;
}
