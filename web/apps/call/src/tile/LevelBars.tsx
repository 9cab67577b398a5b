import { type ReactNode, useEffect, useRef } from 'react';
import { useRoom } from '../session/RoomContext';
import styles from './LevelBars.module.css';

export interface LevelBarsProps {
  participantId: string;
}

/** Three bars that move with somebody's voice. */
export function LevelBars({ participantId }: LevelBarsProps): ReactNode {
  const room = useRoom();
  const ref = useRef<HTMLSpanElement>(null);

  useEffect(() => {
    let frame = 0;
    let level = 0;
    const draw = () => {
      // Falls slower than it rises, as a needle does.
      level = Math.max(room.levelOf(participantId), level * 0.88);
      ref.current?.style.setProperty('--level', level.toFixed(3));
      frame = requestAnimationFrame(draw);
    };
    draw();
    return () => cancelAnimationFrame(frame);
  }, [room, participantId]);

  return (
    <span className={styles.bars} ref={ref} aria-hidden="true">
      <span />
      <span />
      <span />
    </span>
  );
}
