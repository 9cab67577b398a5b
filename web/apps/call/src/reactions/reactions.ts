import type { Reaction } from '@jumpa/sdk';

/** The sign of each reaction, in the order of the menu. */
export const REACTION_SIGNS: Readonly<Record<Reaction, string>> = {
  thumbs_up: '👍',
  clap: '👏',
  heart: '❤️',
  laugh: '😂',
  surprised: '😮',
  party: '🎉',
};

export const REACTIONS = Object.keys(REACTION_SIGNS) as Reaction[];
