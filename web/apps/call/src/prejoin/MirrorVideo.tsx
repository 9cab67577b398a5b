import { type ReactNode, useEffect, useRef } from 'react';
import { useLocalMedia, useRoom } from '../session/RoomContext';
import styles from './Mirror.module.css';

export interface MirrorVideoProps {
  isMirrored: boolean;
}

/** Plays the own camera, straight from the device. */
export function MirrorVideo({ isMirrored }: MirrorVideoProps): ReactNode {
  const room = useRoom();
  const { camera } = useLocalMedia();
  const ref = useRef<HTMLVideoElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another device has another track
  useEffect(() => {
    const track = room.local.cameraTrack;
    if (ref.current) ref.current.srcObject = track ? new MediaStream([track]) : null;
  }, [room, camera]);
  return (
    <video
      ref={ref}
      className={styles.video}
      data-mirrored={isMirrored}
      autoPlay
      playsInline
      muted
    />
  );
}
