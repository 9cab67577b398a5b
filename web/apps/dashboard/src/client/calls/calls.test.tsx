import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it, vi } from 'vitest';
import { openScene } from '../../testing/openScene';
import { axeViolations } from '../../testing/renderDashboard';

describe('calls', () => {
  it('narrows by state, quality, room and participant, in the address and in the question', async () => {
    const { api, router } = openScene('calls');
    await screen.findAllByText('Poor');
    await userEvent.selectOptions(screen.getByRole('combobox', { name: 'State' }), 'ended');
    await userEvent.selectOptions(screen.getByRole('combobox', { name: 'Quality' }), 'poor');
    await userEvent.type(screen.getByRole('searchbox', { name: 'Room' }), 'apotek{Enter}');
    await userEvent.type(screen.getByRole('searchbox', { name: 'Participant' }), 'Budi{Enter}');
    const wanted = { state: 'ended', quality: 'poor', room: 'apotek', participant: 'Budi' };
    await waitFor(() => expect(router.state.location.search).toEqual(wanted));
    await waitFor(() => {
      const { query } = api.asked.filter(({ path }) => path === '/v1/calls').at(-1) ?? {};
      expect(Object.fromEntries(query ?? [])).toMatchObject(wanted);
    });
  });

  it('asks for the days of the period by the clock of the organisation', async () => {
    const { api, history, router } = openScene('calls');
    await screen.findAllByText('Poor');
    history.push(`${router.state.location.publicHref}?from=2026-11-01&until=2026-11-02`);
    await waitFor(() => {
      const { query } = api.asked.filter(({ path }) => path === '/v1/calls').at(-1) ?? {};
      expect(query?.get('from')).toBe('2026-10-31T17:00:00Z');
      expect(query?.get('until')).toBe('2026-11-02T17:00:00Z');
    });
  });

  it.each(['csv', 'ndjson'])('saves as %s what the filters leave', async (format) => {
    const { api } = openScene('calls-no-match');
    api.on({ 'GET /v1/calls/export': { body: 'id,room' } });
    // jsdom has neither addresses of blobs nor downloads.
    URL.createObjectURL = () => 'blob:csv';
    URL.revokeObjectURL = () => undefined;
    const click = vi
      .spyOn(HTMLAnchorElement.prototype, 'click')
      .mockImplementation(() => undefined);
    await screen.findByText('No call fits the filters');
    await userEvent.click(screen.getByRole('button', { name: 'Export' }));
    await userEvent.click(
      await screen.findByRole('menuitem', { name: new RegExp(`^${format}`, 'i') }),
    );
    await waitFor(() => expect(click).toHaveBeenCalledOnce());
    const { query, tenant } = api.asked.find(({ path }) => path === '/v1/calls/export') ?? {};
    expect(query?.get('quality')).toBe('poor');
    expect(query?.get('format')).toBe(format);
    const [link] = click.mock.contexts as HTMLAnchorElement[];
    expect(link?.download).toBe(`calls.${format}`);
    expect(tenant).toMatch(/^ten_/);
    click.mockRestore();
  });

  it('opens a call from its row', async () => {
    const { router } = openScene('calls');
    const [row] = await screen.findAllByRole('link', { name: 'konsultasi-dr-ayu' });
    await userEvent.click(row as HTMLElement);
    expect(await screen.findByText('What stood out')).toBeTruthy();
    expect(router.state.location.pathname).toMatch(/\/calls\/call_/);
  });
});

describe('one call', () => {
  it('says in words what stood out and what helps', async () => {
    openScene('call');
    const card = await screen.findByRole('region', { name: 'What stood out' });
    expect(card.textContent).toContain('Budi Santoso: packets were lost 34% of the time');
    expect(card.textContent).toContain('A firewall keeps UDP out');
  });

  it('reads the timeline by keyboard', async () => {
    openScene('call');
    const lane = await screen.findByRole('group', { name: 'Timeline of Budi Santoso' });
    const [first] = within(lane).getAllByRole('button');
    first?.focus();
    expect(document.activeElement?.getAttribute('aria-label')).toMatch(
      /^Budi Santoso, In the call/,
    );
    await userEvent.keyboard('{End}');
    expect(document.activeElement?.getAttribute('aria-label')).toMatch(/^Budi Santoso, Camera on/);
    await userEvent.keyboard('{Home}{ArrowRight}');
    expect(document.activeElement?.getAttribute('aria-label')).toMatch(
      /^Budi Santoso, Microphone on: .+, 9m 36s$/,
    );
  });

  it('reads the timeline and every chart as a table', async () => {
    openScene('call');
    await userEvent.click(await screen.findByRole('button', { name: 'Timeline as a table' }));
    const timeline = screen.getByRole('region', { name: 'Timeline' });
    expect(within(timeline).getAllByRole('row', { name: /Reconnecting/ })).toHaveLength(2);
    await userEvent.click(screen.getByRole('button', { name: 'Packet loss as a table' }));
    const loss = within(screen.getByRole('region', { name: 'Packet loss' })).getByRole('table');
    expect(
      within(loss)
        .getAllByRole('columnheader')
        .map(({ textContent }) => textContent),
    ).toEqual(['Time', 'Budi Santoso', 'Siti Rahmawati', 'dr. Ayu Lestari']);
  });

  it('shows one participant alone in charts and log', async () => {
    openScene('call');
    const log = await screen.findByRole('table', { name: 'Event log' });
    await userEvent.click(
      screen.getAllByRole('button', { name: 'Siti Rahmawati' })[1] as HTMLElement,
    );
    expect(screen.getByRole<HTMLSelectElement>('combobox', { name: 'Participant' }).value).toBe(
      'par_siti',
    );
    expect(within(log).queryByText('Budi Santoso')).toBeNull();
    expect(within(log).getByText('Became moderator')).toBeTruthy();
  });

  it('says that nobody measured', async () => {
    openScene('call-unmeasured');
    expect(await screen.findByText(/no client measured it/)).toBeTruthy();
    expect(screen.queryByText('Packet loss')).toBeNull();
  });

  it('says when the call is gone', async () => {
    openScene('call-gone');
    expect(await screen.findByText('The call could not be loaded.')).toBeTruthy();
  });
});

it.each(['calls', 'calls-empty', 'call', 'call-unmeasured'])(
  'axe finds nothing in %s',
  async (scene) => {
    openScene(scene);
    await screen.findByRole('heading', { level: 1 });
    await waitFor(() => expect(document.querySelector('[aria-busy="true"]')).toBeNull());
    expect(await axeViolations()).toEqual([]);
  },
);
