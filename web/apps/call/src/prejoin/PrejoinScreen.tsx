import type { JoinErrorCode } from '@jumpa/sdk';
import { Notice } from '@jumpa/ui';
import { Button, PasswordInput, TextInput } from '@mantine/core';
import { type FormEvent, memo, type ReactNode, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { PageFrame } from '../controls/PageFrame';
import { DeviceSelects } from '../devices/DeviceSelects';
import { clockDuration } from '../i18n/duration';
import { useNow } from '../i18n/useNow';
import { IconAlertTriangle, IconLock } from '../icons';
import { joinErrorText } from '../session/joinErrorText';
import { loadPreferences } from '../session/preferences';
import { useDeviceList, useLocalMedia, useRoom, useRoomPart } from '../session/RoomContext';
import type { AppInfo } from '../session/useAppInfo';
import { type JoinInput, startSources } from '../session/useCallFlow';
import { MediaNotices } from './MediaNotices';
import { Mirror } from './Mirror';
import { MAX_NAME_CHARS, nameProblem } from './nameRule';
import styles from './PrejoinScreen.module.css';
import { whenIdle } from './whenIdle';

// Pressing the button changes nothing of these, and each millisecond counts then.
const StillMirror = memo(Mirror);
const StillDevices = memo(DeviceSelects);

/** Joining that takes longer than this says for how long, milliseconds. */
const SAY_SINCE_MS = 3_000;

export interface PrejoinScreenProps {
  app: AppInfo;
  roomName: string;
  /** Whether the link carries an invitation. */
  hasToken: boolean;
  /** The name in the invitation; it cannot be changed. */
  tokenName: string | null;
  /** Why the last attempt to join failed. */
  error: JoinErrorCode | null;
  isJoining: boolean;
  onJoin: (input: JoinInput) => void;
  onCancel: () => void;
}

/** The mirror before the call: see and hear oneself, choose devices, join. */
export function PrejoinScreen({
  app,
  roomName,
  hasToken,
  tokenName,
  error: lastError,
  isJoining,
  onJoin,
  onCancel,
}: PrejoinScreenProps): ReactNode {
  const { t } = useTranslation();
  useStartedSources();
  usePreparedRoom(isJoining);
  const [name, setName] = useState(() => tokenName ?? loadPreferences().name);
  const [password, setPassword] = useState('');
  const [problem, setProblem] = useState<'missing' | 'too_long' | null>(null);
  const nameRef = useRef<HTMLInputElement>(null);
  const passwordRef = useRef<HTMLInputElement>(null);
  const error = lastError ?? (app.allowsGuests || hasToken ? null : 'token_required');
  const refusal = error ? joinErrorText(error) : null;
  const [needsPassword, setNeedsPassword] = useState(false);
  const asksPassword = needsPassword || (refusal?.needsPassword ?? false);

  useEffect(() => {
    if (!refusal?.needsPassword) return;
    setNeedsPassword(true);
    passwordRef.current?.focus();
  }, [refusal?.needsPassword]);

  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (isJoining) return;
    const nextProblem = nameProblem(name);
    setProblem(nextProblem);
    if (nextProblem) nameRef.current?.focus();
    else onJoin({ name: name.trim(), password });
  };

  return (
    <PageFrame size="wide">
      <div className={styles.columns}>
        <div className={styles.left}>
          <StillMirror name={name} />
          <MediaNotices />
        </div>
        <form className={styles.right} onSubmit={submit} noValidate>
          <div>
            <h1 className={styles.heading}>{t('prejoin.heading')}</h1>
            <p className={styles.where}>{t('prejoin.in_app', { room: roomName, app: app.name })}</p>
            {app.branding.welcomeText && (
              <p className={styles.welcome}>{app.branding.welcomeText}</p>
            )}
          </div>
          {refusal && !isJoining && <Refusal code={error as JoinErrorCode} />}
          {!refusal?.isFinal && (
            <>
              <TextInput
                ref={nameRef}
                size="lg"
                label={t('prejoin.name_label')}
                placeholder={t('prejoin.name_placeholder')}
                description={tokenName ? t('prejoin.name_from_token') : undefined}
                value={name}
                readOnly={tokenName !== null}
                autoComplete="name"
                error={
                  problem === 'missing'
                    ? t('prejoin.name_missing')
                    : problem === 'too_long'
                      ? t('prejoin.name_too_long', { count: MAX_NAME_CHARS })
                      : undefined
                }
                onChange={(event) => {
                  setName(event.currentTarget.value);
                  setProblem(null);
                }}
              />
              {asksPassword && (
                <PasswordInput
                  ref={passwordRef}
                  size="lg"
                  label={t('prejoin.password_label')}
                  leftSection={<IconLock aria-hidden="true" />}
                  value={password}
                  autoComplete="off"
                  onChange={(event) => setPassword(event.currentTarget.value)}
                />
              )}
              <div className={styles.join}>
                <Button type="submit" size="lg" fullWidth loading={isJoining}>
                  {t('prejoin.join')}
                </Button>
                {isJoining && <JoiningNote onCancel={onCancel} />}
              </div>
            </>
          )}
        </form>
        {!refusal?.isFinal && (
          <section className={styles.devices} aria-label={t('prejoin.devices')}>
            <StillDevices withSpeakerTest isRow />
          </section>
        )}
      </div>
    </PageFrame>
  );
}

/** What needs something first, and nobody did wrong. */
const NO_FAULT: ReadonlySet<JoinErrorCode> = new Set(['password_required', 'recorder_unavailable']);

function Refusal({ code }: { code: JoinErrorCode }): ReactNode {
  const { t } = useTranslation();
  const text = joinErrorText(code);
  return (
    <Notice
      tone={NO_FAULT.has(code) ? 'attention' : 'danger'}
      icon={text.needsPassword ? <IconLock /> : <IconAlertTriangle />}
      title={String(t(text.title))}
      isUrgent
    >
      <p>{String(t(text.help))}</p>
      {text.isCodeShown && <p className={styles.code}>{t('join_error.code', { code })}</p>}
    </Notice>
  );
}

function JoiningNote({ onCancel }: { onCancel: () => void }): ReactNode {
  const { t } = useTranslation();
  const since = useRoomPart((state) => state.phaseSince);
  const now = useNow();
  const elapsed = now - since;
  return (
    <p className={styles.note} role="status">
      <span>
        {elapsed > SAY_SINCE_MS
          ? t('prejoin.joining_since', { duration: clockDuration(elapsed) })
          : t('prejoin.joining')}
      </span>
      <button type="button" className={styles.cancel} onClick={onCancel}>
        {t('prejoin.cancel_join')}
      </button>
    </p>
  );
}

/** Starts camera and microphone as last time, once, and reads the devices when they are known. */
function useStartedSources(): void {
  const room = useRoom();
  const devices = useDeviceList();
  const { microphone, camera } = useLocalMedia();
  const isStarted = useRef(false);
  useEffect(() => {
    if (isStarted.current) return;
    isStarted.current = true;
    startSources(room);
  }, [room]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: names become known when a source starts
  useEffect(() => {
    // Where devices cannot be listed the choice stays with the browser.
    devices.refresh().catch(() => undefined);
  }, [devices, microphone.isOn, camera.isOn]);
}

/**
 * Makes the connection ahead while somebody looks into the mirror, and anew after a join that came to
 * nothing or when the page is looked at again after a long time.
 */
function usePreparedRoom(isJoining: boolean): void {
  const room = useRoom();
  useEffect(() => {
    if (isJoining) return;
    const prepare = () => {
      if (document.visibilityState === 'visible') room.prepare();
    };
    const stop = whenIdle(prepare);
    document.addEventListener('visibilitychange', prepare);
    return () => {
      stop();
      document.removeEventListener('visibilitychange', prepare);
    };
  }, [room, isJoining]);
}
