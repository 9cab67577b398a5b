import { Menu } from '@mantine/core';
import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, it, vi } from 'vitest';
import { FakeRoom } from '../gallery/FakeRoom';
import { MEDIA_ON, roomState } from '../gallery/roomState';
import { renderInRoom } from '../testing/renderInRoom';
import { CallMenu, ChoiceItem } from './CallMenu';
import { PageFrame } from './PageFrame';

async function openMenu() {
  const onChoose = vi.fn();
  renderInRoom(
    new FakeRoom(roomState({}), MEDIA_ON),
    <PageFrame>
      <CallMenu label="Layout" target={<button type="button">Layout</button>}>
        <ChoiceItem isChosen onChoose={onChoose}>
          Grid
        </ChoiceItem>
        <Menu.Item>Settings</Menu.Item>
      </CallMenu>
    </PageFrame>,
  );
  const person = userEvent.setup({ delay: null });
  await person.click(screen.getByRole('button', { name: 'Layout' }));
  return { person, onChoose, menu: await screen.findByRole('menu') };
}

it('is gone at once when something is chosen', async () => {
  const { person } = await openMenu();
  await person.click(screen.getByRole('menuitem', { name: 'Settings' }));
  expect(screen.queryByRole('menu')).toBeNull();
});

it('tells which of several choices is in force', async () => {
  const { person, onChoose } = await openMenu();
  await person.click(screen.getByRole('menuitemradio', { name: 'Grid', checked: true }));
  expect(onChoose).toHaveBeenCalledOnce();
});

it('gives the focus to its first entry and holds nothing but entries', async () => {
  const { menu } = await openMenu();
  await vi.waitFor(() => expect(document.activeElement?.textContent).toBe('Grid'));
  expect(menu.querySelectorAll('[tabindex]:not([role^=menuitem])')).toHaveLength(0);
});

it('stands inside of the main landmark', async () => {
  const { menu } = await openMenu();
  expect(within(screen.getByRole('main')).getByRole('menu')).toBe(menu);
});
