import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it, vi } from 'vitest';
import { openScene } from '../../testing/openScene';
import { axeViolations } from '../../testing/renderDashboard';

describe('usage of a tenant', () => {
  it('warns from 80 % and says what a reached limit means', async () => {
    openScene('usage');
    expect(
      await screen.findByText('Klinik Sehat, Participant minutes this month: 83% used'),
    ).toBeTruthy();
    expect(screen.getByText(/limit reached/)).toBeTruthy();
    expect(screen.getByText(/Nobody can join until the next month begins/)).toBeTruthy();
  });

  it('shows each limit as a bar that screen readers read in words', async () => {
    openScene('usage');
    const card = await screen.findByRole('region', { name: 'Klinik Sehat' });
    const bar = within(card).getByRole('meter', { name: 'Participants in one call' });
    expect(bar.getAttribute('aria-valuetext')).toBe('14 of 50');
    expect(within(card).queryByRole('meter', { name: 'Calls at once' })).toBeNull();
    expect(within(card).getByText('3, no limit')).toBeTruthy();
  });

  it('groups by month', async () => {
    const { api } = openScene('usage');
    await userEvent.selectOptions(await screen.findByRole('combobox', { name: 'Rows' }), 'month');
    await waitFor(() => {
      const last = api.asked.filter(({ path }) => path === '/v1/usage').at(-1);
      expect(last?.query.get('group')).toBe('month');
    });
  });
});

describe('usage of every client', () => {
  it('ranks one month and exports it', async () => {
    const { api } = openScene('operator-usage');
    api.on({ 'GET /v1/operator/usage/export': { body: 'tenant' } });
    URL.createObjectURL = () => 'blob:csv';
    URL.revokeObjectURL = () => undefined;
    const click = vi
      .spyOn(HTMLAnchorElement.prototype, 'click')
      .mockImplementation(() => undefined);
    await screen.findByRole('link', { name: 'Toko Melati' });
    const months = screen.getByRole<HTMLSelectElement>('combobox', { name: 'Month' });
    const before = months.options[1]?.value ?? '';
    await userEvent.selectOptions(months, before);
    await waitFor(() =>
      expect(
        api.asked
          .filter(({ path }) => path === '/v1/operator/usage')
          .at(-1)
          ?.query.get('month'),
      ).toBe(before),
    );
    await userEvent.click(screen.getByRole('button', { name: 'Export' }));
    await userEvent.click(await screen.findByRole('menuitem', { name: /^CSV/ }));
    await waitFor(() => expect(click).toHaveBeenCalledOnce());
    const file = api.asked.find(({ path }) => path === '/v1/operator/usage/export');
    expect(file?.query.get('month')).toBe(before);
    click.mockRestore();
  });
});

it.each(['usage', 'usage-empty', 'operator-usage', 'operator-usage-empty'])(
  'axe finds nothing in %s',
  async (scene) => {
    openScene(scene);
    await screen.findByRole('heading', { level: 1 });
    await waitFor(() => expect(document.querySelector('[aria-busy="true"]')).toBeNull());
    expect(await axeViolations()).toEqual([]);
  },
);
