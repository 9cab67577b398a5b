import { createMemoryHistory } from '@tanstack/react-router';
import { createRoot } from 'react-dom/client';
import '@jumpa/ui/styles.css';
import '../dashboard.css';
import { App } from '../App';
import { createQueryClient } from '../api/queryClient';
import { createI18n, loadScreenTexts } from '../i18n/i18n';
import { createDashboardRouter } from '../router';
import { FakeApi } from '../testing/FakeApi';
import { scenes } from './scenes';

// `?scene=apps&lang=id&theme=dark` draws one screen over a made-up server; without a scene all are listed.
const query = new URLSearchParams(window.location.search);
localStorage.setItem('jumpa.language', query.get('lang') ?? 'en');
localStorage.setItem('jumpa.theme', query.get('theme') ?? 'light');

const root = document.getElementById('root');
if (!root) throw new Error('the page has no element with the id "root"');

const scene = scenes[query.get('scene') ?? ''];
if (scene) {
  new FakeApi(scene.api).install();
  const queries = createQueryClient();
  const history = createMemoryHistory({ initialEntries: [`/dashboard${scene.path}`] });
  const i18n = await createI18n();
  createRoot(root).render(
    <App
      i18n={i18n}
      queries={queries}
      router={createDashboardRouter(queries, {
        history,
        loadTexts: (name) => loadScreenTexts(i18n, name),
      })}
    />,
  );
} else {
  createRoot(root).render(
    <ul>
      {Object.keys(scenes).map((name) => (
        <li key={name}>
          <a href={`?scene=${name}`}>{name}</a>
        </li>
      ))}
    </ul>,
  );
}
