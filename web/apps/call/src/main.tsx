import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import '@jumpa/ui/styles.css';
import { App } from './App';
import { createI18n } from './i18n/i18n';
import { parseRoute, readOwnApp } from './route';

const root = document.getElementById('root');
if (!root) throw new Error('the page has no element with the id "root"');

const { pathname, search } = window.location;
const ownApp = readOwnApp(document);
const route = parseRoute(pathname, search, ownApp);
const isRoom = route.name === 'room' || route.name === 'bad_link';
const i18n = await createI18n(isRoom ? ['call'] : ['call', 'pages']);

createRoot(root).render(
  <StrictMode>
    <App route={route} isOwnDomain={ownApp !== null} i18n={i18n} />
  </StrictMode>,
);
