import { Popover } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ControlButton } from '../controls/ControlButton';
import { useFloatingLayer } from '../controls/FloatingLayer';
import { IconMoodSmile } from '../icons';
import styles from './ReactionMenu.module.css';
import { ReactionRow } from './ReactionRow';

/** Opens the row of reactions. */
export function ReactionMenu(): ReactNode {
  const { t } = useTranslation();
  const [isOpen, setOpen] = useState(false);
  const floating = useFloatingLayer();
  return (
    <Popover
      opened={isOpen}
      onChange={setOpen}
      position="top"
      offset={12}
      trapFocus
      returnFocus
      transitionProps={{ duration: 120, exitDuration: 0, transition: 'fade' }}
      {...floating}
      classNames={{ dropdown: styles.dropdown ?? '' }}
    >
      <Popover.Target>
        <ControlButton
          label={t('toolbar.react')}
          icon={<IconMoodSmile />}
          hasTip={!isOpen}
          onClick={() => setOpen(!isOpen)}
        />
      </Popover.Target>
      <Popover.Dropdown data-scheme="dark" aria-label={t('toolbar.react')}>
        <ReactionRow onDone={() => setOpen(false)} />
      </Popover.Dropdown>
    </Popover>
  );
}
