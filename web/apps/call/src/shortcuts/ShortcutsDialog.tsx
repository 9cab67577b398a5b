import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { DialogFrame } from '../dialogs/DialogFrame';
import { useLocalParticipant } from '../session/RoomContext';
import styles from './ShortcutsDialog.module.css';
import { SHORTCUT_KEYS, type ShortcutAction } from './shortcuts';

/** Lists the keys of the call. */
export function ShortcutsDialog({ onClose }: { onClose: () => void }): ReactNode {
  const { t } = useTranslation();
  const isModerator = useLocalParticipant()?.isModerator ?? false;
  const rows: readonly (readonly [string, string])[] = [
    ...(Object.entries(SHORTCUT_KEYS) as [ShortcutAction, string][])
      .filter(([action]) => isModerator || action !== 'record')
      .map(([action, key]) => [t(`shortcuts.${action}`), key] as const),
    [t('shortcuts.push_to_talk'), t('shortcuts.space')],
  ];
  return (
    <DialogFrame title={t('shortcuts.title')} onClose={onClose}>
      <dl className={styles.list}>
        {rows.map(([text, key]) => (
          <div key={key} className={styles.row}>
            <dt>{text}</dt>
            <dd>
              <kbd className={styles.key}>{key}</kbd>
            </dd>
          </div>
        ))}
      </dl>
      <p className={styles.note}>{t('shortcuts.note')}</p>
    </DialogFrame>
  );
}
