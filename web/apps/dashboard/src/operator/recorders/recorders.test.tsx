import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';
import { openScene } from '../../testing/openScene';
import { axeViolations } from '../../testing/renderDashboard';
import { readSlots } from './slotTexts';

describe('recorders', () => {
  it('shows each with its load, its disk and what it records', async () => {
    openScene('recorders');
    const table = await screen.findByRole('table', { name: 'Recorders and their recordings' });
    expect(await within(table).findByText('517 of 3,200')).toBeTruthy();
    expect(within(table).getByText('3.1 GB free: records sound alone')).toBeTruthy();
    expect(within(table).getByText('Another folder: records into buckets only')).toBeTruthy();
    expect(within(table).getByText('Away')).toBeTruthy();
    expect(within(table).getByText('Klinik Sehat · rapat · Recording')).toBeTruthy();
    expect(await axeViolations()).toEqual([]);
  });

  it('shows what waits, with the start where it is known', async () => {
    openScene('recorders');
    const table = await screen.findByRole('table', { name: 'Waiting' });
    expect(await within(table).findByText('promo-melati')).toBeTruthy();
    expect(within(table).getByText('Not known')).toBeTruthy();
  });

  it('drains one after asking, and takes one back at once', async () => {
    const { api } = openScene('recorders');
    await userEvent.click(await screen.findByRole('button', { name: 'Drain perekam-jakarta-1' }));
    const dialog = await screen.findByRole('dialog', { name: 'Drain perekam-jakarta-1?' });
    await userEvent.click(within(dialog).getByRole('button', { name: 'Drain' }));
    const drains = 'POST /v1/operator/recorders/perekam-jakarta-1/drain';
    await waitFor(() => expect(api.sent(drains)).toHaveLength(1));
    await userEvent.click(screen.getByRole('button', { name: 'Take back perekam-jakarta-2' }));
    const undrains = 'POST /v1/operator/recorders/perekam-jakarta-2/undrain';
    await waitFor(() => expect(api.sent(undrains)).toHaveLength(1));
  });

  it('sets the slots of an app', async () => {
    const { api } = openScene('recorders');
    await userEvent.click(
      await screen.findByRole('button', { name: 'Change the slots of Klinik Sehat' }),
    );
    const field = await screen.findByRole('textbox', { name: 'Guaranteed, millicores' });
    expect(screen.getByText('Up to 2,240 can be guaranteed to this app.')).toBeTruthy();
    await userEvent.clear(field);
    await userEvent.type(field, '4000');
    await userEvent.click(screen.getByRole('button', { name: 'Save' }));
    expect(await screen.findByText(/no less than what is guaranteed/)).toBeTruthy();
    await userEvent.clear(screen.getByRole('textbox', { name: 'At most, millicores' }));
    expect(await axeViolations()).toEqual([]);
    await userEvent.click(screen.getByRole('button', { name: 'Save' }));
    const sets = 'PUT /v1/operator/apps/klinik-sehat-p7w2m/recording_slots';
    await waitFor(() =>
      expect(api.sent(sets)).toEqual([
        { guaranteed_millicores: 4_000, burst_millicores: null, weight: 2 },
      ]),
    );
  });

  it('says what to do when there is none, and what failed', async () => {
    openScene('recorders-empty');
    expect(await screen.findByText('No recorder is connected')).toBeTruthy();
    expect(await axeViolations()).toEqual([]);
  });
});

describe('what is typed of slots', () => {
  it('is whole numbers in their bounds', () => {
    const typed = { guaranteed: '0', burst: '', weight: '1' };
    expect(readSlots(typed).slots).toEqual({
      guaranteed_millicores: 0,
      burst_millicores: null,
      weight: 1,
    });
    for (const wrong of [{ guaranteed: '1.5' }, { burst: 'x' }, { weight: '0' }]) {
      const read = readSlots({ ...typed, ...wrong });
      expect([...read.wrong]).toEqual(Object.keys(wrong));
      expect(read.slots).toBeNull();
    }
  });
});
