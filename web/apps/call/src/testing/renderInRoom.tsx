import { UiProvider } from '@jumpa/ui';
import { type RenderResult, render } from '@testing-library/react';
import { createInstance } from 'i18next';
import type { ReactNode } from 'react';
import { I18nextProvider, initReactI18next } from 'react-i18next';
import call from '../../locales/en/call.json';
import pages from '../../locales/en/pages.json';
import { FakeDevices } from '../gallery/FakeRoom';
import type { CallRoom } from '../session/CallRoom';
import { RoomProvider } from '../session/RoomContext';

const i18n = createInstance();
await i18n.use(initReactI18next).init({
  lng: 'en',
  ns: ['call', 'pages'],
  defaultNS: 'call',
  resources: { en: { call, pages } },
  interpolation: { escapeValue: false },
});

/** Renders in English, with the theme and around a room. */
export function renderInRoom(room: CallRoom, children: ReactNode): RenderResult {
  return render(
    <I18nextProvider i18n={i18n}>
      <UiProvider>
        <RoomProvider room={room} devices={new FakeDevices()}>
          {children}
        </RoomProvider>
      </UiProvider>
    </I18nextProvider>,
  );
}
