import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';
import { openScene } from './testing/openScene';

/** Screens with rows that have acts, and those that are opened most. */
const SCENES = [
  'overview',
  'calls',
  'call',
  'usage',
  'recordings',
  'recording',
  'rooms',
  'prepared-rooms',
  'room',
  'keys',
  'access',
  'webhooks',
  'team',
  'apps-deleted',
  'security',
  'clients',
  'client',
  'operator-people',
  'recorders',
  'system',
  'mails',
  'identity-providers',
  'operator-settings-no-mail',
];

const nameOf = (element: HTMLElement) =>
  element.getAttribute('aria-label') ?? element.textContent ?? '';

const answered = () =>
  waitFor(() => expect(document.querySelector('[aria-busy="true"]')).toBeNull());

describe('a screen by its words alone', () => {
  it.each(SCENES)('%s has one title, ordered headings and named tables', async (scene) => {
    openScene(scene);
    await screen.findByRole('heading', { level: 1 });
    await answered();
    const title = screen.getByRole('heading', { level: 1 });
    // What follows is the name of the platform.
    expect(document.title.startsWith(`${title.textContent} · `)).toBe(true);
    const levels = screen.getAllByRole('heading').map(({ tagName }) => Number(tagName[1]));
    expect(levels.filter((level) => level === 1)).toHaveLength(1);
    expect(levels.every((level, at) => at === 0 || level <= (levels[at - 1] ?? 0) + 1)).toBe(true);
    for (const table of screen.queryAllByRole('table')) {
      expect(table.getAttribute('aria-label')).toBeTruthy();
    }
  });

  it.each(SCENES)('%s names every act after its object', async (scene) => {
    openScene(scene);
    await screen.findByRole('heading', { level: 1 });
    await answered();
    const names = screen
      .queryAllByRole('table')
      .flatMap((table) => within(table).queryAllByRole('button'))
      .filter((button) => !button.matches('[data-row-link]'))
      .map((button) => nameOf(button));
    // A name that two rows share does not say which of them it is about.
    expect(names).toEqual([...new Set(names)]);
    for (const name of names) expect(name).toMatch(/\s\S/);
  });
});

describe('the focus', () => {
  it('goes to the title of the screen that a link opens', async () => {
    openScene('calls');
    const [first] = await screen.findAllByRole('link', { name: 'konsultasi-dr-ayu' });
    if (first) await userEvent.click(first);
    const title = await screen.findByRole('heading', { level: 1, name: 'konsultasi-dr-ayu' });
    await waitFor(() => expect(document.activeElement).toBe(title));
  });

  it('stays where it is when a filter changes', async () => {
    openScene('calls');
    const filter = await screen.findByRole('combobox', { name: 'Quality' });
    await userEvent.selectOptions(filter, 'poor');
    await screen.findAllByRole('link', { name: 'konsultasi-dr-ayu' });
    expect(document.activeElement).toBe(filter);
  });

  it('stops at no table that has nothing to scroll', async () => {
    openScene('keys');
    const table = await screen.findByRole('table', { name: 'Keys' });
    expect(table.closest('[tabindex]')?.id).toBe('content');
  });

  it('comes back to the button of a dialog that Escape closes', async () => {
    openScene('keys');
    const open = await screen.findByRole('button', { name: 'Revoke booking' });
    await userEvent.click(open);
    await screen.findByRole('dialog', { name: /booking/ });
    await userEvent.keyboard('{Escape}');
    await waitFor(() => expect(document.activeElement).toBe(open));
  });
});
