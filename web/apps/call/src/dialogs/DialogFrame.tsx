import { Button, Modal } from '@mantine/core';
import type { ReactNode } from 'react';
import '@mantine/core/styles/ModalBase.layer.css';
import '@mantine/core/styles/Modal.layer.css';
import '@mantine/core/styles/Overlay.layer.css';
import '@mantine/core/styles/Paper.layer.css';
import '@mantine/core/styles/CloseButton.layer.css';
import { useTranslation } from 'react-i18next';
import { useIsCompact } from '../call/useMediaQuery';
import styles from './DialogFrame.module.css';

const WIDTHS = { narrow: 440, middle: 560, wide: 720 } as const;

export interface DialogFrameProps {
  title: ReactNode;
  onClose: () => void;
  /** Width: narrow for a question, middle for a few fields, wide for settings. */
  size?: keyof typeof WIDTHS;
  children: ReactNode;
}

/** The frame of every dialog: title, close button, Escape, focus kept inside and given back. */
export function DialogFrame({
  title,
  onClose,
  size = 'narrow',
  children,
}: DialogFrameProps): ReactNode {
  const { t } = useTranslation();
  const isCompact = useIsCompact();
  return (
    <Modal
      opened
      onClose={onClose}
      title={title}
      centered
      fullScreen={isCompact && size !== 'narrow'}
      size={WIDTHS[size]}
      padding={24}
      radius={16}
      overlayProps={{ className: styles.backdrop ?? '' }}
      classNames={{
        content: styles.content ?? '',
        header: styles.header ?? '',
        title: styles.title ?? '',
        close: styles.close ?? '',
      }}
      closeButtonProps={{ 'aria-label': t('common.close'), size: 40, iconSize: 18 }}
      transitionProps={{ duration: 140, transition: 'fade' }}
    >
      {children}
    </Modal>
  );
}

export interface DialogActionsProps {
  /** What the main button does, in its own words. */
  label: string;
  isDanger?: boolean;
  isBusy?: boolean;
  cancelLabel?: string;
  onCancel: () => void;
  /** Absent when the button submits a form around it. */
  onConfirm?: () => void;
}

/** The buttons at the end of a dialog. */
export function DialogActions({
  label,
  isDanger = false,
  isBusy = false,
  cancelLabel,
  onCancel,
  onConfirm,
}: DialogActionsProps): ReactNode {
  const { t } = useTranslation();
  return (
    <div className={styles.actions}>
      <Button variant="default" data-autofocus onClick={onCancel}>
        {cancelLabel ?? t('common.cancel')}
      </Button>
      <Button
        type={onConfirm ? 'button' : 'submit'}
        color={isDanger ? 'cabai' : 'laut'}
        loading={isBusy}
        {...(onConfirm && { onClick: onConfirm })}
      >
        {label}
      </Button>
    </div>
  );
}
