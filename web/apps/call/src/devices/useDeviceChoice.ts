import { useCallback, useState } from 'react';
import { loadPreferences, savePreferences } from '../session/preferences';
import { useRoom } from '../session/RoomContext';

export type DeviceKind = 'microphone' | 'camera' | 'speaker';

/** Switches to a device and remembers it. */
export function useDeviceChoice(): {
  readonly speakerId: string | null;
  readonly choose: (kind: DeviceKind, deviceId: string) => void;
} {
  const room = useRoom();
  const [speakerId, setSpeakerId] = useState(() => loadPreferences().speakerId);
  const choose = useCallback(
    (kind: DeviceKind, deviceId: string) => {
      // A failure shows in the state of the source and in its help text.
      const ignore = () => undefined;
      if (kind === 'microphone') {
        savePreferences({ microphoneId: deviceId });
        room.local.setMicrophone(room.local.state.microphone.isOn, { deviceId }).catch(ignore);
      } else if (kind === 'camera') {
        savePreferences({ cameraId: deviceId });
        room.local.setCamera(room.local.state.camera.isOn, { deviceId }).catch(ignore);
      } else {
        savePreferences({ speakerId: deviceId });
        setSpeakerId(deviceId);
        room.setAudioOutput(deviceId).catch(ignore);
      }
    },
    [room],
  );
  return { speakerId, choose };
}
