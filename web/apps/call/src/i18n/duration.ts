/**
 * A length of time as people say it: the two largest units that matter, at least seconds.
 *
 * Uses `Intl` of the given language, for example "1 hour, 5 minutes" or "12 detik".
 */
export function spokenDuration(durationMs: number, language: string): string {
  const total = Math.max(0, Math.floor(durationMs / 1000));
  const hours = Math.floor(total / 3600);
  const minutes = Math.floor((total % 3600) / 60);
  const seconds = total % 60;
  const parts: string[] = [];
  if (hours > 0) parts.push(unit(hours, 'hour', language));
  if (minutes > 0) parts.push(unit(minutes, 'minute', language));
  if (hours === 0 && (seconds > 0 || minutes === 0)) parts.push(unit(seconds, 'second', language));
  return new Intl.ListFormat(language, { type: 'unit', style: 'long' }).format(parts);
}

/** A running clock: `4:05`, `1:04:05`. */
export function clockDuration(durationMs: number): string {
  const total = Math.max(0, Math.floor(durationMs / 1000));
  const hours = Math.floor(total / 3600);
  const minutes = Math.floor((total % 3600) / 60);
  const seconds = String(total % 60).padStart(2, '0');
  return hours > 0
    ? `${hours}:${String(minutes).padStart(2, '0')}:${seconds}`
    : `${minutes}:${seconds}`;
}

function unit(value: number, name: 'hour' | 'minute' | 'second', language: string): string {
  return new Intl.NumberFormat(language, { style: 'unit', unit: name, unitDisplay: 'long' }).format(
    value,
  );
}
