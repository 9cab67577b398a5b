import { type ReactNode, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useLocalMedia, useRoom } from '../session/RoomContext';
import styles from './MicrophoneMeter.module.css';

const BARS = 24;

/** Louder than this is a voice, not the room; 0 to 1. */
const VOICE_LEVEL = 0.08;

/** Shows how loud the own microphone is, and says once that it works. */
export function MicrophoneMeter(): ReactNode {
  const { t } = useTranslation();
  const room = useRoom();
  const isOn = useLocalMedia().microphone.isOn;
  const ref = useRef<HTMLDivElement>(null);
  const [isHeard, setHeard] = useState(false);

  useEffect(() => {
    if (!isOn) return;
    let frame = 0;
    let shown = 0;
    const draw = () => {
      const level = room.local.microphoneLevel();
      shown = Math.max(level, shown * 0.9);
      ref.current?.style.setProperty('--level', shown.toFixed(3));
      if (level > VOICE_LEVEL) setHeard(true);
      frame = requestAnimationFrame(draw);
    };
    draw();
    return () => cancelAnimationFrame(frame);
  }, [room, isOn]);

  return (
    <div className={styles.meter} data-on={isOn}>
      <div className={styles.bars} ref={ref} aria-hidden="true">
        {Array.from({ length: BARS }, (_, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the bars never move
          <span key={index} style={{ '--at': (index + 0.5) / BARS } as React.CSSProperties} />
        ))}
      </div>
      <p className={styles.text} role="status">
        {!isOn
          ? t('prejoin.mic_off')
          : isHeard
            ? t('prejoin.mic_works')
            : t('prejoin.mic_say_something')}
      </p>
    </div>
  );
}
