import type { ParticipantView } from '@jumpa/sdk';
import type { ParseKeys } from 'i18next';

/** The key of the sentence that says how somebody's connection is; `null` when there is nothing to say. */
export function qualityKey(
  person: Pick<ParticipantView, 'quality' | 'qualityCause' | 'isLocal'>,
): ParseKeys<'call'> | null {
  const { quality, qualityCause, isLocal } = person;
  if (quality === 'good' || quality === 'unknown') return null;
  if (qualityCause) return isLocal ? `quality.own_${qualityCause}` : `quality.${qualityCause}`;
  return isLocal ? `quality.own_${quality}` : `quality.their_${quality}`;
}
