import type { ParticipantView } from '@jumpa/sdk';

const NAMES = [
  'Siti Rahmawati',
  'dr. Ayu Lestari',
  'Budi Santoso',
  'Rina Kusuma',
  'Agus Wijaya',
  'Dewi Anggraini Puspitasari Kusumawardhani',
  'Joko Prasetyo',
  'Made Suarta',
  'Maria Simatupang',
  'Andi Saputra',
  'Putri Handayani',
  'Yusuf Hidayat',
] as const;

/** Made-up people; the first is oneself. */
export function people(count: number): ParticipantView[] {
  return Array.from({ length: count }, (_, index) => ({
    id: `par_${String(index).padStart(3, '0')}`,
    number: index,
    name: `${NAMES[index % NAMES.length]}${index >= NAMES.length ? ` ${Math.floor(index / NAMES.length) + 1}` : ''}`,
    isLocal: index === 0,
    isModerator: index === 0 || index === 1,
    isVerified: index === 1,
    joinedAtMs: Date.now() - 600_000,
    connection: 'connected',
    handRaisedAtMs: null,
    quality: 'good',
    microphone: index % 3 === 2 ? 'muted' : 'live',
    camera: index % 5 === 3 ? 'off' : 'live',
    screen: 'off',
    screenAudio: 'off',
  }));
}
