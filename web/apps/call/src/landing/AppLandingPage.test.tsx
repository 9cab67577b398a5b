import { UiProvider } from '@jumpa/ui';
import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { I18nextProvider } from 'react-i18next';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createI18n } from '../i18n/i18n';
import { AppLandingPage } from './AppLandingPage';

async function show(answer: Response) {
  const ask = vi.fn(async () => answer);
  vi.stubGlobal('fetch', ask);
  const i18n = await createI18n(['call', 'pages']);
  render(
    <I18nextProvider i18n={i18n}>
      <UiProvider>
        <AppLandingPage appId="melati-k3x9q" onScheme={() => undefined} />
      </UiProvider>
    </I18nextProvider>,
  );
  return ask;
}

afterEach(() => vi.unstubAllGlobals());

describe('the start page on an own domain', () => {
  it('says whose it is and leads to no dashboard', async () => {
    const ask = await show(Response.json({ name: 'Toko Melati', branding: {} }));
    expect(await screen.findByRole('heading', { name: 'Toko Melati' })).toBeTruthy();
    expect(ask).toHaveBeenCalledWith('/v1/public/apps/melati-k3x9q', expect.anything());
    expect(screen.queryByRole('link', { name: 'Sign in' })).toBeNull();
  });

  it('opens a room by its name alone, and says what is none', async () => {
    const go = vi.fn();
    vi.stubGlobal('location', { ...window.location, host: 'call.melati.example', assign: go });
    await show(Response.json({ name: 'Toko Melati', branding: {} }));
    const person = userEvent.setup({ delay: null });
    const input = await screen.findByRole('textbox', { name: 'Link or room' });
    await person.type(input, 'a b{Enter}');
    expect(screen.getByText(/It should look like call\.melati\.example\/room/)).toBeTruthy();
    await person.clear(input);
    await person.type(input, 'kasir-1{Enter}');
    expect(go).toHaveBeenCalledWith('/kasir-1');
  });

  it('says when the server does not answer', async () => {
    await show(new Response('', { status: 503 }));
    expect(await screen.findByRole('button', { name: 'Try again' })).toBeTruthy();
  });
});
