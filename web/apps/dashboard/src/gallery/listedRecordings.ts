import type { ListedRecording, Recording } from '../api/recordings';
import { ago } from './fixtures';

/** A picture of so many people, as a composer makes one. */
export function still(people: number, hue: number): string {
  const columns = people > 1 ? 2 : 1;
  const rows = Math.ceil(people / columns);
  const [width, height] = [320 / columns, 180 / rows];
  const tiles = Array.from({ length: people }, (_, index) => {
    const [x, y] = [(index % columns) * width, Math.floor(index / columns) * height];
    const size = height * 0.22;
    const tone = `hsl(${hue + index * 47} 22% ${34 + index * 5}%)`;
    const skin = `hsl(${24 + index * 4} 38% ${52 + index * 6}%)`;
    return `<rect x="${x + 2}" y="${y + 2}" width="${width - 4}" height="${height - 4}" rx="6" fill="${tone}"/><circle cx="${x + width / 2}" cy="${y + height * 0.42}" r="${size}" fill="${skin}"/><path d="M${x + width / 2 - size * 2} ${y + height - 2}a${size * 2} ${size * 1.5} 0 0 1 ${size * 4} 0z" fill="hsl(${hue + index * 90} 30% 62%)"/>`;
  });
  return `data:image/svg+xml,${encodeURIComponent(
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 320 180"><rect width="320" height="180" fill="#0b1014"/>${tiles.join('')}</svg>`,
  )}`;
}

/** A recording as the list has it. */
export function listed(
  one: Recording,
  participants: readonly string[] = [],
  hasPicture = false,
): ListedRecording {
  const url = still(Math.min(participants.length, 4), one.queued_at.charCodeAt(15) * 31);
  return {
    ...one,
    poster: hasPicture ? { url, expires_at: ago(-15) } : null,
    participants: participants.slice(0, 10),
    participant_count: participants.length,
  };
}
