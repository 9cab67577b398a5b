import type { Moderation } from '@jumpa/sdk';
import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import { useRoom } from '../session/RoomContext';
import { useToasts } from '../toasts/ToastContext';

/** What moderators may do, with a notice when it is refused. */
export function useModeration(): {
  readonly moderation: Moderation;
  /** Does it; resolves to whether it worked. */
  readonly run: (act: () => Promise<void>) => Promise<boolean>;
} {
  const { t } = useTranslation();
  const { moderation } = useRoom();
  const { show } = useToasts();
  const run = useCallback(
    async (act: () => Promise<void>) => {
      try {
        await act();
        return true;
      } catch (error) {
        const reason = error instanceof Error ? error.message : '';
        show({ tone: 'danger', text: t('people.failed', { reason }) });
        return false;
      }
    },
    [show, t],
  );
  return { moderation, run };
}
