/** Shortest password, characters, as the server asks. */
export const MIN_PASSWORD_CHARS = 10;

/** Whether a text could be an e-mail address; the server decides. */
export function looksLikeEmail(text: string): boolean {
  return /^[^\s@]+@[^\s@]+$/.test(text.trim());
}

/** Whether a password is long enough, counted in characters as people see them. */
export function isLongEnough(password: string): boolean {
  return [...password].length >= MIN_PASSWORD_CHARS;
}
