import { UiProvider } from '@jumpa/ui';
import type { ReactNode } from 'react';
import { createRoot } from 'react-dom/client';
import '@jumpa/ui/styles.css';
import { I18nextProvider } from 'react-i18next';
import { schemeOf } from '../branding/brandLook';
import { createI18n } from '../i18n/i18n';
import { brandings, scenes } from './scenes';

// `?scene=two&lang=id&theme=dark` draws one scene; without a scene all are listed.
const query = new URLSearchParams(window.location.search);
localStorage.setItem('jumpa.language', query.get('lang') ?? 'en');
localStorage.setItem('jumpa.theme', query.get('theme') ?? 'light');
localStorage.setItem('jumpa.preferences', JSON.stringify({ name: 'Siti Rahmawati' }));

const name = query.get('scene') ?? '';
const scene = scenes[name];
const branding = brandings[name];
const root = document.getElementById('root');
if (!root) throw new Error('the page has no element with the id "root"');

const i18n = await createI18n(['call', 'pages']);
createRoot(root).render(
  <I18nextProvider i18n={i18n}>
    <UiProvider scheme={branding ? schemeOf(branding) : null}>
      {scene ? scene() : <SceneList />}
    </UiProvider>
  </I18nextProvider>,
);

function SceneList(): ReactNode {
  return (
    <ul>
      {Object.keys(scenes).map((name) => (
        <li key={name}>
          <a href={`?scene=${name}`}>{name}</a>
        </li>
      ))}
    </ul>
  );
}
