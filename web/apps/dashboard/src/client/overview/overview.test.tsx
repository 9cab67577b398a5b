import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';
import { openScene } from '../../testing/openScene';
import { axeViolations } from '../../testing/renderDashboard';

describe('overview', () => {
  it('says how much was called and what changed', async () => {
    openScene('overview');
    await screen.findByText('41,276.5');
    const totals = within(screen.getByRole('list', { name: 'Totals of the period' }))
      .getAllByRole('listitem')
      .map((item) => item.textContent);
    expect(totals).toContain('Participant minutes41,276.5+14.9%');
    expect(totals).toContain('Good quality93.4%+2.2 points');
  });

  it('asks for the last 30 days of the tenant and puts a choice into the address', async () => {
    const { api, router } = openScene('overview');
    await screen.findByText('41,276.5');
    const { query } = api.asked.find(({ path }) => path === '/v1/overview') ?? {};
    const days =
      (Date.parse(query?.get('until') ?? '') - Date.parse(query?.get('from') ?? '')) / 86_400_000;
    expect(days).toBe(29);

    await userEvent.click(screen.getByRole('button', { name: /Last 30 days/ }));
    await userEvent.click(await screen.findByRole('button', { name: /^Last 7 days/ }));
    await waitFor(() => expect(router.state.location.search).toEqual({ period: '7d' }));
    await waitFor(() => {
      const last = api.asked.filter(({ path }) => path === '/v1/overview').at(-1)?.query;
      expect(Date.parse(last?.get('until') ?? '') - Date.parse(last?.get('from') ?? '')).toBe(
        6 * 86_400_000,
      );
    });
  });

  it('narrows to one app', async () => {
    const { api } = openScene('overview');
    await screen.findByText('41,276.5');
    await userEvent.selectOptions(
      screen.getByRole('combobox', { name: 'App' }),
      'klinik-coba-a3b8x',
    );
    await waitFor(() => {
      const last = api.asked.filter(({ path }) => path === '/v1/overview').at(-1);
      expect(last?.query.get('app_id')).toBe('klinik-coba-a3b8x');
    });
  });

  it('reads every chart as a table', async () => {
    openScene('overview');
    await userEvent.click(await screen.findByRole('button', { name: 'People by day as a table' }));
    const card = screen.getByRole('region', { name: 'People by day' });
    const table = within(card).getByRole('table');
    expect(
      within(table)
        .getAllByRole('columnheader')
        .map((cell) => cell.textContent),
    ).toEqual(['Day', 'Participants', 'Most at once']);
    expect(within(table).getAllByRole('row')).toHaveLength(31);
  });

  it('says what to do when nothing was called', async () => {
    openScene('overview-empty');
    expect(await screen.findByText('No calls in this period')).toBeTruthy();
    const link = await screen.findByRole('link', { name: 'Make the first call' });
    expect(link.getAttribute('href')).toMatch(/\/apps\/klinik-sehat-p7w2m\/start$/);
  });

  it('gives the request id when the numbers cannot be loaded', async () => {
    openScene('overview-error');
    expect(await screen.findByText('The numbers could not be loaded.')).toBeTruthy();
    expect(screen.getByText(/^req_/)).toBeTruthy();
  });

  it('says when the role does not reach it', async () => {
    openScene('overview-forbidden');
    expect(await screen.findByText('Your role does not include this')).toBeTruthy();
  });

  it.each(['overview', 'overview-empty', 'overview-loading'])(
    'axe finds nothing in %s',
    async (scene) => {
      openScene(scene);
      await screen.findByRole('heading', { level: 1 });
      await screen.findByRole('button', { name: /Last 30 days/ });
      expect(await axeViolations()).toEqual([]);
    },
  );
});
