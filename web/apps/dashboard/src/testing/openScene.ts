import { scenes } from '../gallery/scenes';
import { FakeApi } from './FakeApi';
import { renderDashboard } from './renderDashboard';

/** Opens a screen of the gallery, with the fake server behind it. */
export function openScene(name: string) {
  const scene = scenes[name];
  if (!scene) throw new Error(`there is no scene ${name}`);
  const api = new FakeApi(scene.api);
  return { api, ...renderDashboard(scene.path, api) };
}
