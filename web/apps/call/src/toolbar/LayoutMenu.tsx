import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useCallUi } from '../call/CallUiContext';
import { CallMenu, ChoiceItem } from '../controls/CallMenu';
import { ControlButton } from '../controls/ControlButton';
import { IconLayoutGrid } from '../icons';
import type { LayoutMode } from '../stage/arrange';

const MODES: readonly LayoutMode[] = ['auto', 'grid', 'speaker'];

/** Chooses how people are arranged. */
export function LayoutMenu(): ReactNode {
  const { t } = useTranslation();
  return (
    <CallMenu
      label={t('toolbar.layout')}
      target={<ControlButton label={t('toolbar.layout')} shortcut="W" icon={<IconLayoutGrid />} />}
    >
      <LayoutChoices />
    </CallMenu>
  );
}

/** The arrangements as choices of a menu. */
export function LayoutChoices(): ReactNode {
  const { t } = useTranslation();
  const { ui, dispatch } = useCallUi();
  return MODES.map((mode) => (
    <ChoiceItem
      key={mode}
      isChosen={ui.mode === mode}
      help={t(`layout.${mode}_help`)}
      onChoose={() => dispatch({ type: 'mode_chosen', mode })}
    >
      {t(`layout.${mode}`)}
    </ChoiceItem>
  ));
}
