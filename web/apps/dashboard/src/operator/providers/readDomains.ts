/** Reads domains of e-mail addresses, by lines, commas or spaces; gives those that are none as typed. */
export function readDomains(text: string): {
  readonly domains: readonly string[];
  readonly wrong: readonly string[];
} {
  const words = text.split(/[\s,;]+/).map((word) => word.replace(/^@/, '').toLowerCase());
  const given = [...new Set(words.filter((word) => word !== ''))];
  return { domains: given.filter(isDomain), wrong: given.filter((word) => !isDomain(word)) };
}

function isDomain(text: string): boolean {
  return text.length <= 253 && /^[a-z\d-]+(\.[a-z\d-]+)+$/.test(text);
}
