import { contrastRatio } from '@jumpa/ui';
import { describe, expect, it } from 'vitest';
import { brandSheet, NO_BRANDING, readBranding, schemeOf } from './brandLook';

describe('what the server says of a look', () => {
  it('is taken as it should be', () => {
    const given = {
      logo_url: 'https://melati.example/logo.svg',
      accent_color: '#C2185B',
      background_color: '#fff4e0',
      display_name: 'Toko Melati',
      welcome_text: 'Selamat datang',
      own_domain: null,
    };
    expect(readBranding(given)).toEqual({
      logoUrl: 'https://melati.example/logo.svg',
      accentColor: '#c2185b',
      backgroundColor: '#fff4e0',
      displayName: 'Toko Melati',
      welcomeText: 'Selamat datang',
    });
  });

  it.each([
    null,
    'x',
    {},
    { logo_url: 'javascript:alert(1)', accent_color: 'red;}', display_name: ' ' },
    { background_color: '#fff', accent_color: 7 },
  ])('is nothing otherwise: %j', (body) => {
    expect(readBranding(body)).toEqual(NO_BRANDING);
  });
});

describe('the style sheet', () => {
  it('is empty without colours', () => {
    expect(brandSheet(NO_BRANDING)).toBe('');
  });

  it.each(['#ffeb3b', '#0b1014', '#ffffff', '#c2185b', '#00ff00'])(
    'lets texts in %s be read in both schemes',
    (accentColor) => {
      const sheet = brandSheet({ ...NO_BRANDING, accentColor });
      const [light, dark] = [...sheet.matchAll(/--color-primary-text:(#[0-9a-f]{6})/g)].map(
        ([, shade]) => shade ?? '',
      );
      expect(contrastRatio(light ?? '', '#ffffff')).toBeGreaterThanOrEqual(4.5);
      expect(contrastRatio(dark ?? '', '#141b20')).toBeGreaterThanOrEqual(4.5);
    },
  );

  it('keeps the call dark under a light background', () => {
    expect(brandSheet({ ...NO_BRANDING, backgroundColor: '#fff4e0' })).not.toContain('--call');
    expect(brandSheet({ ...NO_BRANDING, backgroundColor: '#10201f' })).toContain('--call-canvas');
  });

  it('chooses the scheme that reads on the background', () => {
    expect(schemeOf(NO_BRANDING)).toBeNull();
    expect(schemeOf({ ...NO_BRANDING, backgroundColor: '#fff4e0' })).toBe('light');
    expect(schemeOf({ ...NO_BRANDING, backgroundColor: '#10201f' })).toBe('dark');
  });
});
