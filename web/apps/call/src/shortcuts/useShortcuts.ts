import { useEffect, useRef, useState } from 'react';
import { useCallUi } from '../call/CallUiContext';
import { useMediaControls } from '../controls/useMediaControls';
import { isNeeded, isStream } from '../recording/recordings';
import { useRoom } from '../session/RoomContext';
import { useFullscreen } from '../tile/useFullscreen';
import { isSpaceTaken, isTyping, type ShortcutAction, shortcutAction } from './shortcuts';

/** Listens to the keyboard during a call. Tells whether push-to-talk is held. */
export function useShortcuts(): { readonly isPushToTalk: boolean } {
  const room = useRoom();
  const { dispatch } = useCallUi();
  const controls = useMediaControls();
  const fullscreen = useFullscreen();
  const acts: Record<ShortcutAction, () => void> = {
    microphone: controls.toggleMicrophone,
    camera: controls.toggleCamera,
    share: controls.toggleScreen,
    hand: controls.toggleHand,
    chat: () => dispatch({ type: 'panel_toggled', panel: 'chat' }),
    people: () => dispatch({ type: 'panel_toggled', panel: 'people' }),
    layout: () => dispatch({ type: 'mode_switched' }),
    record: () => {
      if (!room.state.participants.some((one) => one.isLocal && one.isModerator)) return;
      const [first, ...others] = room.state.recordings;
      if (!first) dispatch({ type: 'dialog_opened', dialog: { name: 'record' } });
      else if (others.length > 0 || isStream(first) || isNeeded(first, room.state.recordings)) {
        dispatch({ type: 'dialog_opened', dialog: { name: 'recordings' } });
      } else dispatch({ type: 'dialog_opened', dialog: { name: 'stop_recording', id: first.id } });
    },
    fullscreen: fullscreen.toggle,
    help: () => dispatch({ type: 'dialog_opened', dialog: { name: 'shortcuts' } }),
  };
  const latest = useRef(acts);
  latest.current = acts;

  useEffect(() => {
    const handleKey = (event: KeyboardEvent) => {
      if (isTyping(event.target)) return;
      const action = shortcutAction(event);
      if (!action) return;
      event.preventDefault();
      latest.current[action]();
    };
    window.addEventListener('keydown', handleKey);
    return () => window.removeEventListener('keydown', handleKey);
  }, []);

  return { isPushToTalk: usePushToTalk() };
}

/** Opens a muted microphone while Space is held. */
function usePushToTalk(): boolean {
  const room = useRoom();
  const [isHeld, setHeld] = useState(false);

  useEffect(() => {
    let isOpen = false;
    const release = () => {
      if (!isOpen) return;
      isOpen = false;
      setHeld(false);
      // A microphone that does not close shows so on its button.
      room.local.setMicrophone(false).catch(() => undefined);
    };
    const handleDown = (event: KeyboardEvent) => {
      if (event.key !== ' ' || event.repeat || isSpaceTaken(event.target)) return;
      if (event.ctrlKey || event.metaKey || event.altKey || room.local.state.microphone.isOn)
        return;
      event.preventDefault();
      isOpen = true;
      setHeld(true);
      room.local.setMicrophone(true).catch(() => {
        isOpen = false;
        setHeld(false);
      });
    };
    const handleUp = (event: KeyboardEvent) => {
      if (event.key === ' ') release();
    };
    window.addEventListener('keydown', handleDown);
    window.addEventListener('keyup', handleUp);
    window.addEventListener('blur', release);
    return () => {
      release();
      window.removeEventListener('keydown', handleDown);
      window.removeEventListener('keyup', handleUp);
      window.removeEventListener('blur', release);
    };
  }, [room]);

  return isHeld;
}
