import { Switch } from '@mantine/core';
import type { ReactNode } from 'react';
import '@mantine/core/styles/Switch.layer.css';
import { useTranslation } from 'react-i18next';
import { useCallUi } from '../call/CallUiContext';
import type { Dialog } from '../call/callUi';
import { IconChevronDown, IconDoor, IconLock, IconMicrophoneOff, IconPhoneEnd } from '../icons';
import { useRoomPart } from '../session/RoomContext';
import styles from './RoomControls.module.css';
import { useModeration } from './useModeration';

/** What moderators may do with the whole room. */
export function RoomControls(): ReactNode {
  const { t } = useTranslation();
  const { dispatch } = useCallUi();
  const { run, moderation } = useModeration();
  const settings = useRoomPart((state) => state.settings);
  const open = (dialog: Dialog) => dispatch({ type: 'dialog_opened', dialog });
  return (
    <section className={styles.controls} aria-label={t('people.host_controls')}>
      <details className={styles.access}>
        <summary className={styles.summary}>
          {t('people.host_controls')}
          <span className={styles.now}>
            {settings.hasPassword && <IconLock aria-label={t('call.locked')} role="img" />}
            {settings.hasLobby && <IconDoor aria-label={t('call.lobby_on')} role="img" />}
            <IconChevronDown className={styles.chevron} aria-hidden="true" />
          </span>
        </summary>
        <Switch
          classNames={{ body: styles.switchBody ?? '', labelWrapper: styles.switchLabel ?? '' }}
          labelPosition="left"
          label={t('people.lobby_switch')}
          description={t('people.lobby_switch_help')}
          checked={settings.hasLobby}
          onChange={(event) => {
            const isEnabled = event.currentTarget.checked;
            run(() => moderation.setLobby(isEnabled));
          }}
        />
        <div className={styles.line}>
          <div>
            <p className={styles.label}>{t('people.password_switch')}</p>
            <p className={styles.help}>
              {settings.hasPassword ? t('people.password_on') : t('people.password_off')}
            </p>
          </div>
          <div className={styles.acts}>
            {settings.hasPassword && (
              <button
                type="button"
                className={styles.act}
                onClick={() => run(() => moderation.setPassword(null))}
              >
                {t('people.password_clear')}
              </button>
            )}
            <button type="button" className={styles.act} onClick={() => open({ name: 'password' })}>
              {settings.hasPassword ? t('people.password_change') : t('people.password_set')}
            </button>
          </div>
        </div>
      </details>
      <div className={styles.buttons}>
        <button type="button" className={styles.button} onClick={() => open({ name: 'mute_all' })}>
          <IconMicrophoneOff aria-hidden="true" />
          {t('people.mute_all')}
        </button>
        <button
          type="button"
          className={styles.button}
          data-tone="danger"
          onClick={() => open({ name: 'end_call' })}
        >
          <IconPhoneEnd className="hang-up" aria-hidden="true" />
          {t('toolbar.end_for_all')}
        </button>
      </div>
    </section>
  );
}
