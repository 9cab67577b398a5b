import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import '@jumpa/ui/styles.css';
import './dashboard.css';
import { App } from './App';
import { platformLanguage } from './api/platformSettings';
import { createQueryClient } from './api/queryClient';
import { createI18n, loadScreenTexts } from './i18n/i18n';
import { createDashboardRouter } from './router';

const root = document.getElementById('root');
if (!root) throw new Error('the page has no element with the id "root"');

const queries = createQueryClient();
const i18n = await createI18n(() => platformLanguage(queries));
const router = createDashboardRouter(queries, {
  loadTexts: (name) => loadScreenTexts(i18n, name),
});
createRoot(root).render(
  <StrictMode>
    <App i18n={i18n} queries={queries} router={router} />
  </StrictMode>,
);
