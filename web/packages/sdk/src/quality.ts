import type { CallStats } from './CallStats.js';
import type { QualityLevel } from './protocol.js';

/** From which figures on a connection is no longer good, and from which it is poor. */
const LIMITS = {
  roundTripTimeMs: { fair: 250, poor: 600 },
  lossRatio: { fair: 0.03, poor: 0.1 },
  concealedRatio: { fair: 0.03, poor: 0.1 },
} as const;

/** How good a connection looks from its own statistics. */
export function qualityOf(stats: CallStats): QualityLevel {
  if (!stats.transport) return 'unknown';
  const losses = [...stats.sent, ...stats.received].map(({ packetLossRatio }) => packetLossRatio);
  const concealed = stats.received.map(({ concealedRatio }) => concealedRatio);
  return worst([
    judge(stats.transport.roundTripTimeMs, LIMITS.roundTripTimeMs),
    judge(largest(losses), LIMITS.lossRatio),
    judge(largest(concealed), LIMITS.concealedRatio),
  ]);
}

function judge(
  value: number | null,
  { fair, poor }: { readonly fair: number; readonly poor: number },
): QualityLevel {
  if (value === null || value < fair) return 'good';
  return value < poor ? 'fair' : 'poor';
}

function worst(levels: readonly QualityLevel[]): QualityLevel {
  return (
    levels.find((level) => level === 'poor') ?? levels.find((level) => level === 'fair') ?? 'good'
  );
}

function largest(values: readonly (number | null)[]): number | null {
  return values.reduce<number | null>(
    (most, value) => (value !== null && (most === null || value > most) ? value : most),
    null,
  );
}
