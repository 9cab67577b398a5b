import { lazy, type ReactNode, Suspense, useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { BrandProvider } from '../branding/BrandContext';
import { schemeOf } from '../branding/brandLook';
import { PageFrame } from '../controls/PageFrame';
import { LobbyScreen } from '../lobby/LobbyScreen';
import { AppProblem } from '../prejoin/AppProblem';
import { PrejoinScreen } from '../prejoin/PrejoinScreen';
import { RoomProvider } from '../session/RoomContext';
import { readTokenName } from '../session/readTokenName';
import { useAppInfo } from '../session/useAppInfo';
import { type CallAddress, useCallFlow } from '../session/useCallFlow';
import { lazyScreen } from './lazyScreen';

/** Told before anything is asked: without it nobody gets into a call. */
const CAN_CALL = typeof RTCPeerConnection === 'function' && typeof WebSocket === 'function';

const call = lazyScreen(async () => (await import('../call/CallScreen')).CallScreen);
const LeftScreen = lazy(async () => ({ default: (await import('../left/LeftScreen')).LeftScreen }));

export interface CallPageProps extends CallAddress {
  /** Told which scheme the app's look asks for; `null` leaves it to the person. */
  onScheme: (scheme: 'light' | 'dark' | null) => void;
}

/** One room: from the mirror before the call to the stars after it. */
export function CallPage({ onScheme, ...address }: CallPageProps): ReactNode {
  const { t } = useTranslation();
  const { info, retry } = useAppInfo(address.appId);
  const flow = useCallFlow(address);
  const appName = info.status === 'ready' ? info.app.name : '';
  const scheme = info.status === 'ready' ? schemeOf(info.app.branding) : null;
  useEffect(() => onScheme(scheme), [onScheme, scheme]);

  useEffect(() => {
    document.title = appName
      ? t('page.title_room', { room: address.room, app: appName })
      : t('page.title');
    // The call itself is fetched while people look into the mirror.
    call.preload();
  }, [t, appName, address.room]);

  if (info.status === 'unknown' || info.status === 'unreachable') {
    return <AppProblem status={info.status} onRetry={retry} />;
  }
  if (info.status === 'loading') {
    return (
      <PageFrame>
        <p role="status">{t('page.loading')}</p>
      </PageFrame>
    );
  }
  return (
    <RoomProvider room={flow.room} devices={flow.devices}>
      <BrandProvider name={info.app.name} branding={info.app.branding}>
        <Suspense fallback={null}>
          {flow.step === 'call' && <call.Screen />}
          {flow.step === 'left' && flow.left && (
            <LeftScreen left={flow.left} onRejoin={flow.rejoin} />
          )}
          {flow.step === 'lobby' && <LobbyScreen onCancel={flow.cancel} />}
          {(flow.step === 'prejoin' || flow.step === 'joining') && (
            <PrejoinScreen
              app={info.app}
              roomName={address.room}
              hasToken={address.token !== undefined}
              tokenName={readTokenName(address.token)}
              error={flow.error ?? (CAN_CALL ? null : 'browser_unsupported')}
              isJoining={flow.step === 'joining'}
              onJoin={flow.join}
              onCancel={flow.cancel}
            />
          )}
        </Suspense>
      </BrandProvider>
    </RoomProvider>
  );
}
