import { lazy, type ReactNode, Suspense, useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { useUnread } from '../chat/useUnread';
import { FloatingLayer, FloatingLayerProvider } from '../controls/FloatingLayer';
import { useReturnedFocus } from '../dialogs/useReturnedFocus';
import { Reactions } from '../reactions/Reactions';
import { ConsentNotice } from '../recording/ConsentNotice';
import { RecordingPills } from '../recording/RecordingPills';
import { activeRecordings } from '../recording/recordings';
import { useRecordingNotices } from '../recording/useRecordingNotices';
import { useRoomPart } from '../session/RoomContext';
import { useShortcuts } from '../shortcuts/useShortcuts';
import { Stage } from '../stage/Stage';
import { AnnouncerProvider } from '../toasts/Announcer';
import { ToastProvider } from '../toasts/ToastContext';
import { Toasts } from '../toasts/Toasts';
import type { Toast } from '../toasts/toastQueue';
import { useRoomNotices } from '../toasts/useRoomNotices';
import { Toolbar } from '../toolbar/Toolbar';
import { Banners } from './Banners';
import { CallInfo } from './CallInfo';
import styles from './CallScreen.module.css';
import { CallUiProvider, useCallUi } from './CallUiContext';
import type { CallUi } from './callUi';
import { useIsCompact, useMediaQuery } from './useMediaQuery';
import { useWakeLock } from './useWakeLock';

const ChatPanel = lazy(async () => ({ default: (await import('../chat/ChatPanel')).ChatPanel }));
const PeoplePanel = lazy(async () => ({
  default: (await import('../people/PeoplePanel')).PeoplePanel,
}));
const Dialogs = lazy(async () => ({ default: (await import('../dialogs/Dialogs')).Dialogs }));

export interface CallScreenProps {
  /** Where to start, for the gallery and for tests. */
  initialUi?: Partial<CallUi>;
  initialToasts?: readonly Toast[];
}

/** The call: stage, panels, toolbar, and what appears over them. */
export function CallScreen({ initialUi, initialToasts }: CallScreenProps): ReactNode {
  return (
    <CallUiProvider {...(initialUi && { initial: initialUi })}>
      <ToastProvider {...(initialToasts && { initial: initialToasts })}>
        <AnnouncerProvider>
          <FloatingLayerProvider>
            <CallView />
          </FloatingLayerProvider>
        </AnnouncerProvider>
      </ToastProvider>
    </CallUiProvider>
  );
}

function CallView(): ReactNode {
  const { t } = useTranslation();
  const { ui } = useCallUi();
  const isCompact = useIsCompact();
  const isRecorded = useRoomPart((state) => activeRecordings(state.recordings).length > 0);
  // The toolbar leaves no place for it beside the name of the room.
  const isBadgeAbove = useMediaQuery('(max-width: 1439px)') && !isCompact;
  const { unread, lastReadId } = useUnread(ui.panel === 'chat');
  const { isPushToTalk } = useShortcuts();
  useRoomNotices();
  useRecordingNotices();
  useWakeLock();
  useReturnedFocus(ui.dialog !== null);
  useTitle(unread);

  return (
    <div className={styles.screen} data-panel={ui.panel !== null}>
      {isCompact && (
        <section className={styles.header} aria-label={t('call.landmark_info')}>
          <CallInfo hasBadge />
        </section>
      )}
      {isBadgeAbove && isRecorded && (
        <section className={styles.header} aria-label={t('call.landmark_info')}>
          <RecordingPills />
        </section>
      )}
      <ConsentNotice />
      <main className={styles.middle}>
        <div className={styles.canvas}>
          <Stage />
          <Banners isPushToTalk={isPushToTalk} />
          <Reactions />
        </div>
        {ui.panel && (
          <div className={styles.panel}>
            <Suspense fallback={null}>
              {ui.panel === 'chat' ? <ChatPanel lastReadId={lastReadId} /> : <PeoplePanel />}
            </Suspense>
          </div>
        )}
        <FloatingLayer />
      </main>
      <footer className={styles.footer}>
        <Toasts />
        {!isCompact && (
          <div className={styles.info}>
            <CallInfo hasBadge={!isBadgeAbove} />
          </div>
        )}
        <Toolbar unread={unread} />
      </footer>
      {ui.dialog && (
        <Suspense fallback={null}>
          <Dialogs />
        </Suspense>
      )}
    </div>
  );
}

function useTitle(unread: number): void {
  const { t } = useTranslation();
  const room = useRoomPart((state) => state.room) ?? '';
  const app = useRoomPart((state) => state.app?.name) ?? t('page.title');
  useEffect(() => {
    document.title =
      unread > 0
        ? t('page.title_unread', { count: unread, room, app })
        : t('page.title_room', { room, app });
  }, [t, unread, room, app]);
}
