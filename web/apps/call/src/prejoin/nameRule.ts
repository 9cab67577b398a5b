/** Longest display name, characters (Unicode scalar values), as the server counts them. */
export const MAX_NAME_CHARS = 80;

/** What is wrong with a typed name; `null`: nothing. */
export function nameProblem(name: string): 'missing' | 'too_long' | null {
  const length = [...name.trim()].length;
  if (length === 0) return 'missing';
  return length > MAX_NAME_CHARS ? 'too_long' : null;
}
