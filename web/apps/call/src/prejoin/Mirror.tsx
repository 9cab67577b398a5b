import { Avatar } from '@jumpa/ui';
import { type ReactNode, useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { IconMicrophone, IconMicrophoneOff, IconVideo, IconVideoOff } from '../icons';
import { savePreferences } from '../session/preferences';
import { useLocalMedia, useRoom } from '../session/RoomContext';
import styles from './Mirror.module.css';
import { MirrorVideo } from './MirrorVideo';

export interface MirrorProps {
  /** The typed name, for the initials while the camera is off. */
  name: string;
}

/** The own picture as in a mirror, with the two switches that matter. */
export function Mirror({ name }: MirrorProps): ReactNode {
  const { t } = useTranslation();
  const room = useRoom();
  const { microphone, camera } = useLocalMedia();
  const isAsking = !camera.isOn && !microphone.isOn && (camera.isPending || microphone.isPending);

  const toggleMicrophone = () => {
    const isOn = !room.local.state.microphone.isOn;
    savePreferences({ isMicrophoneWanted: isOn });
    // The reason of a failure stands below the mirror.
    room.local.setMicrophone(isOn).catch(() => undefined);
  };
  const toggleCamera = () => {
    const isOn = !room.local.state.camera.isOn;
    savePreferences({ isCameraWanted: isOn });
    // The reason of a failure stands below the mirror.
    room.local.setCamera(isOn).catch(() => undefined);
  };

  return (
    <section className={styles.mirror} data-off={!camera.isOn} aria-label={t('prejoin.preview')}>
      {camera.isOn ? (
        <MirrorVideo isMirrored={camera.isMirrored} />
      ) : (
        <div className={styles.off}>
          {name.trim() !== '' && <Avatar name={name} size="clamp(48px, 16cqi, 120px)" />}
          <p className={styles.text}>
            {isAsking
              ? t('prejoin.permission_waiting')
              : camera.isPending
                ? t('prejoin.camera_starting')
                : t('prejoin.camera_off')}
          </p>
        </div>
      )}
      <div className={styles.switches}>
        <button
          type="button"
          className={styles.switch}
          data-on={microphone.isOn}
          aria-busy={microphone.isPending}
          aria-label={microphone.isOn ? t('toolbar.mute') : t('toolbar.unmute')}
          onClick={toggleMicrophone}
        >
          {microphone.isOn ? <RisingMicrophone /> : <IconMicrophoneOff aria-hidden="true" />}
        </button>
        <button
          type="button"
          className={styles.switch}
          data-on={camera.isOn}
          aria-busy={camera.isPending}
          aria-label={camera.isOn ? t('toolbar.camera_off') : t('toolbar.camera_on')}
          onClick={toggleCamera}
        >
          {camera.isOn ? <IconVideo aria-hidden="true" /> : <IconVideoOff aria-hidden="true" />}
        </button>
      </div>
    </section>
  );
}

/** A microphone that fills with the voice. */
function RisingMicrophone(): ReactNode {
  const room = useRoom();
  const ref = useRef<HTMLSpanElement>(null);
  useEffect(() => {
    let frame = 0;
    let level = 0;
    const draw = () => {
      level = Math.max(room.local.microphoneLevel(), level * 0.9);
      ref.current?.style.setProperty('--level', level.toFixed(3));
      frame = requestAnimationFrame(draw);
    };
    draw();
    return () => cancelAnimationFrame(frame);
  }, [room]);
  return (
    <span className={styles.rising} ref={ref} aria-hidden="true">
      <IconMicrophone />
    </span>
  );
}
