import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import { useCallUi } from '../call/CallUiContext';
import { savePreferences } from '../session/preferences';
import { useLocalParticipant, useRoom } from '../session/RoomContext';
import { useAnnounce } from '../toasts/Announcer';

/** What the toolbar and the shortcuts do with the own sources. */
export interface MediaControls {
  readonly toggleMicrophone: () => void;
  readonly toggleCamera: () => void;
  readonly toggleScreen: () => void;
  readonly toggleHand: () => void;
}

/** Switches own sources; failures open the help of their source. */
export function useMediaControls(): MediaControls {
  const room = useRoom();
  const { t } = useTranslation();
  const announce = useAnnounce();
  const { dispatch } = useCallUi();
  const isHandUp = useLocalParticipant()?.handRaisedAtMs != null;

  const explain = useCallback(
    (source: 'microphone' | 'camera' | 'screen') => () => {
      // Closing the browser's list of screens is a choice, not a failure.
      const isChoice =
        source === 'screen' && room.local.state.screen.error === 'permission_dismissed';
      if (!isChoice) dispatch({ type: 'dialog_opened', dialog: { name: 'media_help', source } });
    },
    [dispatch, room],
  );

  return {
    toggleMicrophone: useCallback(() => {
      const isOn = !room.local.state.microphone.isOn;
      savePreferences({ isMicrophoneWanted: isOn });
      room.local
        .setMicrophone(isOn)
        .then(() => announce(isOn ? t('announce.unmuted') : t('announce.muted')))
        .catch(explain('microphone'));
    }, [room, announce, t, explain]),
    toggleCamera: useCallback(() => {
      const isOn = !room.local.state.camera.isOn;
      savePreferences({ isCameraWanted: isOn });
      room.local
        .setCamera(isOn)
        .then(() => announce(isOn ? t('announce.camera_on') : t('announce.camera_off')))
        .catch(explain('camera'));
    }, [room, announce, t, explain]),
    toggleScreen: useCallback(() => {
      room.local.setScreen(!room.local.state.screen.isOn, { audio: true }).catch(explain('screen'));
    }, [room, explain]),
    toggleHand: useCallback(() => {
      room
        .setHand(!isHandUp)
        .then(() => announce(isHandUp ? t('announce.own_hand_down') : t('announce.own_hand_up')))
        // A refused hand stays as it was, and the button shows that.
        .catch(() => undefined);
    }, [room, isHandUp, announce, t]),
  };
}
