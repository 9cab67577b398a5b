import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { LiveRoom } from '../../api/rooms';
import { StatusDot } from '../../parts/StatusDot';

/** Who may come in: everybody, those with the password, or those whom somebody lets in. */
export function RoomState({ room }: { room: LiveRoom }): ReactNode {
  const { t } = useTranslation('rooms');
  if (room.waiting > 0) {
    return <StatusDot tone="attention">{t('waiting', { count: room.waiting })}</StatusDot>;
  }
  if (room.is_locked) return <StatusDot tone="neutral">{t('locked')}</StatusDot>;
  if (room.has_lobby) return <StatusDot tone="info">{t('lobby')}</StatusDot>;
  return <StatusDot tone="good">{t('open')}</StatusDot>;
}
