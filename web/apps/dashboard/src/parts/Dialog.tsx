import { Button, Modal } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { type ReactNode, useEffect, useState } from 'react';
import '@mantine/core/styles/ModalBase.layer.css';
import '@mantine/core/styles/Modal.layer.css';
import '@mantine/core/styles/Overlay.layer.css';
import '@mantine/core/styles/Paper.layer.css';
import '@mantine/core/styles/CloseButton.layer.css';
import { useTranslation } from 'react-i18next';
import styles from './Dialog.module.css';

export interface DialogProps {
  title: ReactNode;
  onClose: () => void;
  /** Width: narrow for a question, wide for several fields. */
  size?: 'narrow' | 'wide';
  /** Stays open when the person clicks beside it: something would be lost. */
  isSticky?: boolean;
  children: ReactNode;
}

/** The frame of every dialog: title, close button, Escape, focus kept inside and given back. */
export function Dialog({
  title,
  onClose,
  size = 'narrow',
  isSticky = false,
  children,
}: DialogProps): ReactNode {
  const { t } = useTranslation();
  useFocusGivenBack();
  const isCompact = useMediaQuery('(max-width: 600px)') ?? false;
  return (
    <Modal
      opened
      onClose={onClose}
      title={title}
      centered={!isCompact}
      yOffset={isCompact ? 16 : 48}
      xOffset={isCompact ? 12 : 24}
      size={size === 'wide' ? 640 : 460}
      padding={isCompact ? 16 : 24}
      radius={16}
      closeOnClickOutside={!isSticky}
      closeOnEscape={!isSticky}
      overlayProps={{ className: styles.backdrop ?? '' }}
      classNames={{
        content: styles.content ?? '',
        header: styles.header ?? '',
        title: styles.title ?? '',
        body: styles.body ?? '',
      }}
      // The head of a dialog is not the head of the page.
      attributes={{ header: { role: 'presentation' } }}
      closeButtonProps={{ 'aria-label': t('action.close'), size: 32, iconSize: 18 }}
      transitionProps={{ duration: 140, transition: 'fade' }}
    >
      {children}
    </Modal>
  );
}

/** Where the last dialog was opened: one that follows it goes back there too. */
let lastOpener: HTMLElement | null = null;

/** Gives the focus back to where the dialog was opened, or to the title when that is gone. */
function useFocusGivenBack(): void {
  const [opener] = useState(() => {
    lastOpener = openerOf(document.activeElement);
    return lastOpener;
  });
  useEffect(
    () => () => {
      // Whoever has moved the focus on, a link of the dialog for one, is left alone.
      if (document.activeElement !== document.body) return;
      const place = opener?.isConnected ? opener : document.querySelector<HTMLElement>('main h1');
      place?.focus();
    },
    [opener],
  );
}

function openerOf(active: Element | null): HTMLElement | null {
  if (!(active instanceof HTMLElement) || active === document.body) return null;
  if (active.closest('[role="dialog"]')) return lastOpener;
  const menu = active.closest('[role="menu"]');
  // The menu closes when one of its items is chosen; its button stays.
  return menu ? document.querySelector<HTMLElement>(`[aria-controls="${menu.id}"]`) : active;
}

export interface DialogActionsProps {
  /** What the main button does, in its own words. */
  label: string;
  isDanger?: boolean;
  isBusy?: boolean;
  isDisabled?: boolean;
  onCancel: () => void;
  /** Absent when the button submits a form around it. */
  onConfirm?: () => void;
}

/** The buttons at the end of a dialog. */
export function DialogActions({
  label,
  isDanger = false,
  isBusy = false,
  isDisabled = false,
  onCancel,
  onConfirm,
}: DialogActionsProps): ReactNode {
  const { t } = useTranslation();
  return (
    <div className={styles.actions}>
      <Button variant="default" onClick={onCancel}>
        {t('action.cancel')}
      </Button>
      <Button
        type={onConfirm ? 'button' : 'submit'}
        color={isDanger ? 'cabai' : 'laut'}
        loading={isBusy}
        disabled={isDisabled}
        {...(onConfirm && { onClick: onConfirm })}
      >
        {label}
      </Button>
    </div>
  );
}
