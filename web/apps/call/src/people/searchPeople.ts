import type { ParticipantView } from '@jumpa/sdk';

/** Raised hands first in the order they went up, then oneself, moderators, and everybody by name. */
export function sortPeople(people: readonly ParticipantView[]): readonly ParticipantView[] {
  return [...people].sort(
    (a, b) =>
      (a.handRaisedAtMs ?? Number.POSITIVE_INFINITY) -
        (b.handRaisedAtMs ?? Number.POSITIVE_INFINITY) ||
      Number(b.isLocal) - Number(a.isLocal) ||
      Number(b.isModerator) - Number(a.isModerator) ||
      a.name.localeCompare(b.name),
  );
}

/** People whose name contains every word of the query, without regard to case and accents. */
export function searchPeople(
  people: readonly ParticipantView[],
  query: string,
): readonly ParticipantView[] {
  const words = plain(query).split(/\s+/u).filter(Boolean);
  return people.filter((person) => {
    const name = plain(person.name);
    return words.every((word) => name.includes(word));
  });
}

function plain(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLocaleLowerCase().trim();
}
