/** What a person can say was not good. The server stores these codes. */
export const RATING_REASONS = [
  'no_sound',
  'not_heard',
  'choppy_sound',
  'echo',
  'frozen_video',
  'blurry_video',
  'delay',
  'disconnected',
  'screen_share',
  'hard_to_use',
] as const;

export type RatingReason = (typeof RATING_REASONS)[number];

export const STARS = [1, 2, 3, 4, 5] as const;
export type Stars = (typeof STARS)[number];

/** Up to this many stars people are asked what was not good. */
export const ASK_REASONS_UP_TO: Stars = 4;

/** Stores how a call was; throws when the server does not take it. */
export async function sendRating(
  ratingToken: string,
  rating: {
    readonly stars: Stars;
    readonly reasons: readonly RatingReason[];
    readonly comment: string;
  },
): Promise<void> {
  const comment = rating.comment.trim();
  const response = await fetch('/v1/ratings', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      rating_token: ratingToken,
      stars: rating.stars,
      reasons: rating.reasons,
      ...(comment !== '' && { comment }),
    }),
  });
  if (!response.ok) throw new Error(`the rating was refused with ${response.status}`);
}
