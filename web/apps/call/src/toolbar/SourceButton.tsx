import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useIsCompact } from '../call/useMediaQuery';
import { CallMenu } from '../controls/CallMenu';
import { ControlButton } from '../controls/ControlButton';
import { useMediaControls } from '../controls/useMediaControls';
import { DeviceMenuItems } from '../devices/DeviceMenuItems';
import {
  IconChevronUp,
  IconMicrophone,
  IconMicrophoneOff,
  IconVideo,
  IconVideoOff,
} from '../icons';
import { useLocalMedia } from '../session/RoomContext';
import styles from './SourceButton.module.css';

export interface SourceButtonProps {
  source: 'microphone' | 'camera';
}

/** Switches microphone or camera; the chevron beside it chooses the device. */
export function SourceButton({ source }: SourceButtonProps): ReactNode {
  const { t } = useTranslation();
  const isCompact = useIsCompact();
  const state = useLocalMedia()[source];
  const { toggleMicrophone, toggleCamera } = useMediaControls();
  const isMicrophone = source === 'microphone';
  const hasProblem = !state.isOn && state.error !== undefined;
  return (
    <div className={styles.split} data-off={!state.isOn}>
      <ControlButton
        label={label(source, state.isOn, hasProblem, t)}
        shortcut={isMicrophone ? 'M' : 'V'}
        tone={state.isOn ? 'normal' : 'off'}
        icon={icon(source, state.isOn)}
        badge={hasProblem && '!'}
        aria-busy={state.isPending}
        onClick={isMicrophone ? toggleMicrophone : toggleCamera}
      />
      {!isCompact && (
        <CallMenu
          position="top-start"
          label={isMicrophone ? t('toolbar.mic_devices') : t('toolbar.camera_devices')}
          target={
            <button
              type="button"
              className={styles.chevron}
              aria-label={isMicrophone ? t('toolbar.mic_devices') : t('toolbar.camera_devices')}
            >
              <IconChevronUp aria-hidden="true" />
            </button>
          }
        >
          <DeviceMenuItems kinds={isMicrophone ? ['microphone', 'speaker'] : ['camera']} />
        </CallMenu>
      )}
    </div>
  );
}

function label(
  source: 'microphone' | 'camera',
  isOn: boolean,
  hasProblem: boolean,
  t: ReturnType<typeof useTranslation<'call'>>['t'],
): string {
  if (source === 'microphone') {
    if (hasProblem) return t('toolbar.mic_problem');
    return isOn ? t('toolbar.mute') : t('toolbar.unmute');
  }
  if (hasProblem) return t('toolbar.camera_problem');
  return isOn ? t('toolbar.camera_off') : t('toolbar.camera_on');
}

function icon(source: 'microphone' | 'camera', isOn: boolean): ReactNode {
  if (source === 'microphone') return isOn ? <IconMicrophone /> : <IconMicrophoneOff />;
  return isOn ? <IconVideo /> : <IconVideoOff />;
}
