import type { ReactNode } from 'react';
import { useCallUi } from '../call/CallUiContext';
import { GoLiveDialog } from '../recording/GoLiveDialog';
import { RecordDialog } from '../recording/RecordDialog';
import { RecordingsDialog } from '../recording/RecordingsDialog';
import { StopRecordingDialog } from '../recording/StopRecordingDialog';
import { SettingsDialog } from '../settings/SettingsDialog';
import { ShortcutsDialog } from '../shortcuts/ShortcutsDialog';
import { AskedDialog } from './AskedDialog';
import { EndCallDialog } from './EndCallDialog';
import { MediaHelpDialog } from './MediaHelpDialog';
import { MuteAllDialog } from './MuteAllDialog';
import { PasswordDialog } from './PasswordDialog';
import { RemoveDialog } from './RemoveDialog';
import { RenameDialog } from './RenameDialog';

/** The dialog that is open, if any. Loaded when the first one opens. */
export function Dialogs(): ReactNode {
  const { ui, dispatch } = useCallUi();
  const { dialog } = ui;
  const onClose = () => dispatch({ type: 'dialog_closed' });
  if (!dialog) return null;
  switch (dialog.name) {
    case 'settings':
      return <SettingsDialog tab={dialog.tab ?? 'devices'} onClose={onClose} />;
    case 'shortcuts':
      return <ShortcutsDialog onClose={onClose} />;
    case 'remove':
      return <RemoveDialog participantId={dialog.participantId} onClose={onClose} />;
    case 'end_call':
      return <EndCallDialog onClose={onClose} />;
    case 'mute_all':
      return <MuteAllDialog onClose={onClose} />;
    case 'password':
      return <PasswordDialog onClose={onClose} />;
    case 'rename':
      return <RenameDialog onClose={onClose} />;
    case 'record':
      return <RecordDialog onClose={onClose} />;
    case 'go_live':
      return <GoLiveDialog recordingId={dialog.recordingId} onClose={onClose} />;
    case 'recordings':
      return <RecordingsDialog onClose={onClose} />;
    case 'stop_recording':
      return <StopRecordingDialog recordingId={dialog.id} onClose={onClose} />;
    case 'media_help':
      return <MediaHelpDialog source={dialog.source} onClose={onClose} />;
    case 'asked':
      return <AskedDialog source={dialog.source} by={dialog.by} onClose={onClose} />;
    default:
      return dialog satisfies never;
  }
}
