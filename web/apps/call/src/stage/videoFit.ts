/** The part of a picture that may be cut away before it is shown whole instead, 0 to 1. */
const MAX_CROP = 0.35;

/**
 * How a picture stands in a tile: `cover` fills it and cuts the edges, `contain` shows all of it.
 *
 * Both arguments are widths divided by heights. An upright phone picture in a wide tile would lose
 * the head, so it is shown whole. `null`: not known yet.
 */
export function videoFit(videoAspect: number | null, tileAspect: number): 'cover' | 'contain' {
  if (videoAspect === null || videoAspect <= 0 || tileAspect <= 0) return 'cover';
  const kept = Math.min(videoAspect / tileAspect, tileAspect / videoAspect);
  return 1 - kept > MAX_CROP ? 'contain' : 'cover';
}
