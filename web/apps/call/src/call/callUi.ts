import type { SourceKind } from '@jumpa/sdk';
import type { Corner, LayoutMode, TileKey } from '../stage/arrange';

/** The panel at the side. */
export type Panel = 'chat' | 'people';

/** The dialog that is open. */
export type Dialog =
  | { readonly name: 'settings'; readonly tab?: 'devices' | 'video' | 'general' | 'connection' }
  | { readonly name: 'shortcuts' }
  | { readonly name: 'remove'; readonly participantId: string }
  | { readonly name: 'end_call' }
  | { readonly name: 'mute_all' }
  | { readonly name: 'password' }
  | { readonly name: 'rename' }
  | { readonly name: 'record' }
  | { readonly name: 'go_live'; readonly recordingId?: string }
  | { readonly name: 'recordings' }
  | { readonly name: 'stop_recording'; readonly id: string }
  | { readonly name: 'media_help'; readonly source: 'microphone' | 'camera' | 'screen' }
  | { readonly name: 'asked'; readonly source: SourceKind; readonly by: string };

/** What the person at this screen chose; nobody else knows of it. */
export interface CallUi {
  readonly panel: Panel | null;
  readonly mode: LayoutMode;
  readonly pinned: TileKey | null;
  readonly page: number;
  readonly selfCorner: Corner;
  readonly dialog: Dialog | null;
  /** Whom the chat writes to; `null` for everybody. */
  readonly chatTo: string | null;
  /** The recordings of which they were asked and have answered in this stay. */
  readonly answeredRecordings: readonly string[];
}

export type CallUiAction =
  | { readonly type: 'panel_toggled'; readonly panel: Panel }
  | { readonly type: 'panel_opened'; readonly panel: Panel }
  | { readonly type: 'panel_closed' }
  | { readonly type: 'mode_chosen'; readonly mode: LayoutMode }
  | { readonly type: 'mode_switched' }
  | { readonly type: 'pin_toggled'; readonly key: TileKey }
  | { readonly type: 'page_chosen'; readonly page: number }
  | { readonly type: 'corner_chosen'; readonly corner: Corner }
  | { readonly type: 'dialog_opened'; readonly dialog: Dialog }
  | { readonly type: 'dialog_closed' }
  | { readonly type: 'recording_answered'; readonly id: string }
  | { readonly type: 'chat_to_chosen'; readonly to: string | null };

export const INITIAL_CALL_UI: CallUi = {
  panel: null,
  mode: 'auto',
  pinned: null,
  page: 0,
  selfCorner: 'bottom_right',
  dialog: null,
  chatTo: null,
  answeredRecordings: [],
};

export function callUiReducer(ui: CallUi, action: CallUiAction): CallUi {
  switch (action.type) {
    case 'panel_toggled':
      return { ...ui, panel: ui.panel === action.panel ? null : action.panel };
    case 'panel_opened':
      return { ...ui, panel: action.panel };
    case 'panel_closed':
      return { ...ui, panel: null };
    case 'mode_chosen':
      return { ...ui, mode: action.mode, pinned: null, page: 0 };
    case 'mode_switched':
      return { ...ui, mode: ui.mode === 'speaker' ? 'grid' : 'speaker', pinned: null, page: 0 };
    case 'pin_toggled':
      return { ...ui, pinned: ui.pinned === action.key ? null : action.key, page: 0 };
    case 'page_chosen':
      return { ...ui, page: Math.max(0, action.page) };
    case 'corner_chosen':
      return { ...ui, selfCorner: action.corner };
    case 'dialog_opened':
      return { ...ui, dialog: action.dialog };
    case 'dialog_closed':
      return { ...ui, dialog: null };
    case 'recording_answered':
      return { ...ui, answeredRecordings: [...ui.answeredRecordings, action.id] };
    case 'chat_to_chosen':
      return { ...ui, chatTo: action.to, panel: 'chat' };
    default:
      return action satisfies never;
  }
}
