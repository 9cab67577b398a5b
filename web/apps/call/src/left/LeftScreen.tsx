import type { LeaveReason } from '@jumpa/sdk';
import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { MessagePage } from '../controls/MessagePage';
import { spokenDuration } from '../i18n/duration';
import {
  IconBan,
  IconLogOut,
  IconPhoneEnd,
  IconPlayerRecordFilled,
  IconRefresh,
  IconWifiOff,
} from '../icons';
import type { LeftSummary } from '../session/useCallFlow';
import styles from './LeftScreen.module.css';
import { Rating } from './Rating';

/** Calls shorter than this are not asked about, milliseconds. */
const RATE_FROM_MS = 5_000;

const ICONS: Record<LeaveReason, ReactNode> = {
  left: <IconLogOut />,
  connection_lost: <IconWifiOff />,
  removed: <IconBan />,
  call_ended: <IconPhoneEnd className="hang-up" />,
  server_closing: <IconRefresh />,
  access_revoked: <IconBan />,
  recording_lost: <IconPhoneEnd className="hang-up" />,
};

/** Reasons after which one may come back. */
const CAN_REJOIN: ReadonlySet<LeaveReason> = new Set([
  'left',
  'connection_lost',
  'call_ended',
  'server_closing',
  // It is refused for as long as nothing can record, and says so.
  'recording_lost',
]);

export interface LeftScreenProps {
  left: LeftSummary;
  onRejoin: () => void;
}

/** After the call: why it is over, how long it was, the way back, and how it was. */
export function LeftScreen({ left, onRejoin }: LeftScreenProps): ReactNode {
  const { t, i18n } = useTranslation();
  const { reason } = left;
  const isBad = reason === 'removed' || reason === 'access_revoked';
  return (
    <MessagePage
      icon={ICONS[reason]}
      tone={isBad ? 'danger' : reason === 'left' ? 'normal' : 'attention'}
      title={t(`left.${reason}_title`)}
      text={t(`left.${reason}_text`)}
      actions={
        <>
          {CAN_REJOIN.has(reason) && <Button onClick={onRejoin}>{t('left.rejoin')}</Button>}
          <Button component="a" href="/" variant="default">
            {t('left.start_page')}
          </Button>
        </>
      }
    >
      <p className={styles.duration}>
        {t('left.duration', { duration: spokenDuration(left.durationMs, i18n.language) })}
      </p>
      {left.wasRecorded && (
        <p className={styles.recorded}>
          <IconPlayerRecordFilled aria-hidden="true" />
          {t('left.recorded')}
        </p>
      )}
      {left.ratingToken && left.durationMs >= RATE_FROM_MS && <Rating token={left.ratingToken} />}
    </MessagePage>
  );
}
