import type { VideoSource } from '@jumpa/sdk';
import { type RefObject, useEffect, useState } from 'react';
import { useRoom } from '../session/RoomContext';

/** What a video element shows. */
export interface AttachedVideo {
  /** Whether a frame of the right person is on screen. */
  readonly isShown: boolean;
  /** Width divided by height of the picture; `null` until it is known. */
  readonly aspect: number | null;
}

/** Shows somebody's picture in an element while `isOn`; larger `priority` is served first. */
export function useAttachedVideo(
  ref: RefObject<HTMLVideoElement | null>,
  participantId: string,
  source: VideoSource,
  isOn: boolean,
  priority: number,
): AttachedVideo {
  const room = useRoom();
  const [isShown, setShown] = useState(false);
  const [aspect, setAspect] = useState<number | null>(null);

  useEffect(() => {
    const element = ref.current;
    if (!element || !isOn) return;
    const detach = room.attachVideo(element, {
      participantId,
      source,
      priority,
      onShown: setShown,
    });
    const handleResize = () => {
      const { videoWidth, videoHeight } = element;
      setAspect(videoWidth > 0 && videoHeight > 0 ? videoWidth / videoHeight : null);
    };
    handleResize();
    element.addEventListener('resize', handleResize);
    return () => {
      element.removeEventListener('resize', handleResize);
      detach();
      setShown(false);
      setAspect(null);
    };
  }, [ref, room, participantId, source, isOn, priority]);

  return { isShown, aspect };
}
