import { describe, expect, it } from 'vitest';
import { changeLanguage, createI18n, loadScreenTexts } from './i18n';

describe('texts of a screen', () => {
  it('come when they are needed and follow the language', async () => {
    const i18n = await createI18n();
    await changeLanguage(i18n, 'en');
    expect(i18n.exists('rooms:heading')).toBe(false);
    await loadScreenTexts(i18n, 'rooms');
    expect(i18n.t('rooms:heading')).toBe('Live rooms');
    await changeLanguage(i18n, 'id');
    expect(i18n.t('rooms:heading')).toBe('Ruang aktif');
    expect(i18n.exists('webhooks:heading')).toBe(false);
  });
});
