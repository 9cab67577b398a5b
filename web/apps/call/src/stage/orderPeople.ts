/** What is known of somebody for ordering. */
export interface OrderedPerson {
  readonly id: string;
  readonly isLocal: boolean;
}

/**
 * The order of display: stable, oneself first, and whoever speaks on the first page.
 *
 * `previous` is the order shown until now; newcomers are appended. A speaker beyond the first
 * `firstPageSize` places changes places with the last person on the page who does not speak, so
 * that nobody else moves.
 */
export function orderPeople(
  previous: readonly string[],
  people: readonly OrderedPerson[],
  speakers: readonly string[],
  firstPageSize: number,
): readonly string[] {
  const present = new Set(people.map((person) => person.id));
  const known = new Set(previous);
  const local = people.find((person) => person.isLocal)?.id;
  const order = [
    ...(local ? [local] : []),
    ...previous.filter((id) => present.has(id) && id !== local),
    ...people.map((person) => person.id).filter((id) => !known.has(id) && id !== local),
  ];
  for (const speaker of speakers) {
    const from = order.indexOf(speaker);
    if (from < firstPageSize) continue;
    const to = lastQuietPlace(order, speakers, local, firstPageSize);
    if (to < 0) break;
    [order[from], order[to]] = [order[to] as string, speaker];
  }
  const isSame = order.length === previous.length && order.every((id, at) => id === previous[at]);
  return isSame ? previous : order;
}

function lastQuietPlace(
  order: readonly string[],
  speakers: readonly string[],
  local: string | undefined,
  firstPageSize: number,
): number {
  for (let at = Math.min(firstPageSize, order.length) - 1; at >= 0; at -= 1) {
    const id = order[at];
    if (id !== undefined && id !== local && !speakers.includes(id)) return at;
  }
  return -1;
}
