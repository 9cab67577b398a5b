/**
 * Reads origins, one per line: scheme and host, perhaps a port, nothing behind it; `https://*.host`
 * stands for every host below it. Gives those that are none as they were typed.
 */
export function readOrigins(text: string): {
  readonly origins: readonly string[];
  readonly wrong: readonly string[];
} {
  const lines = text.split(/[\n,]/).map((line) => line.trim().replace(/\/$/, ''));
  const given = [...new Set(lines.filter((line) => line !== ''))];
  return { origins: given.filter(isOrigin), wrong: given.filter((line) => !isOrigin(line)) };
}

function isOrigin(text: string): boolean {
  const plain = text.replace('://*.', '://x.');
  try {
    const url = new URL(plain);
    return ['http:', 'https:'].includes(url.protocol) && url.origin === plain.toLowerCase();
  } catch {
    return false;
  }
}
