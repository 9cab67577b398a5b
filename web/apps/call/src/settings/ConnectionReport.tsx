import type { CallStats } from '@jumpa/sdk';
import { type ReactNode, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useRoom } from '../session/RoomContext';
import styles from './SettingsDialog.module.css';

/** How often the figures are measured, milliseconds. */
const INTERVAL_MS = 2_000;

/** The figures of the connection, renewed while they are looked at. */
export function ConnectionReport(): ReactNode {
  const { t, i18n } = useTranslation();
  const stats = useStats();
  if (!stats) return <p className={styles.help}>{t('settings.connection_measuring')}</p>;

  const { language } = i18n;
  const unknown = t('settings.connection_unknown');
  const { transport } = stats;
  const camera = stats.sent.find((source) => source.source === 'camera');
  const layer = camera?.layers.filter((one) => one.isActive && one.height).at(-1);
  const losses = stats.sent.map((one) => one.packetLossRatio).filter((one) => one !== null);
  const codecs = new Set(
    [...stats.sent, ...stats.received].map((one) => one.codec?.split('/')[1]).filter(Boolean),
  );
  const rows: readonly (readonly [string, string])[] = [
    [t('settings.connection_path'), transport?.protocol.toUpperCase() ?? unknown],
    [t('settings.connection_rtt'), milliseconds(transport?.roundTripTimeMs, language) ?? unknown],
    [
      t('settings.connection_sent'),
      [
        bitrate(transport?.sentBps, language),
        layer?.height && `${layer.width}×${layer.height}`,
        layer?.framesPerSecond && `${Math.round(layer.framesPerSecond)} fps`,
      ]
        .filter(Boolean)
        .join(' · ') || unknown,
    ],
    [t('settings.connection_received'), bitrate(transport?.receivedBps, language) ?? unknown],
    [
      t('settings.connection_loss'),
      losses.length > 0
        ? new Intl.NumberFormat(language, { style: 'percent', maximumFractionDigits: 1 }).format(
            Math.max(...losses),
          )
        : unknown,
    ],
    [t('settings.connection_codec'), [...codecs].join(', ') || unknown],
  ];
  return (
    <table className={styles.table}>
      <tbody>
        {rows.map(([name, value]) => (
          <tr key={name}>
            <th scope="row">{name}</th>
            <td>{value}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function useStats(): CallStats | null {
  const room = useRoom();
  const [stats, setStats] = useState<CallStats | null>(null);
  useEffect(() => {
    let isOver = false;
    const measure = () => {
      room
        .getStats()
        .then((next) => !isOver && setStats(next))
        // While the connection is lost there is nothing to measure; the last figures stay.
        .catch(() => undefined);
    };
    measure();
    const timer = setInterval(measure, INTERVAL_MS);
    return () => {
      isOver = true;
      clearInterval(timer);
    };
  }, [room]);
  return stats;
}

function milliseconds(value: number | null | undefined, language: string): string | null {
  if (value === null || value === undefined) return null;
  return new Intl.NumberFormat(language, {
    style: 'unit',
    unit: 'millisecond',
    maximumFractionDigits: 0,
  }).format(value);
}

function bitrate(bps: number | null | undefined, language: string): string | null {
  if (bps === null || bps === undefined) return null;
  const unit = bps >= 1_000_000 ? 'megabit-per-second' : 'kilobit-per-second';
  return new Intl.NumberFormat(language, {
    style: 'unit',
    unit,
    maximumFractionDigits: bps >= 1_000_000 ? 1 : 0,
  }).format(bps >= 1_000_000 ? bps / 1_000_000 : bps / 1_000);
}
