import { readableShade, readableTextOn } from '@jumpa/ui';

/** How an app looks in place of the server's own look; what is `null` stays. */
export interface Branding {
  readonly logoUrl: string | null;
  readonly accentColor: string | null;
  readonly backgroundColor: string | null;
  readonly displayName: string | null;
  readonly welcomeText: string | null;
}

export const NO_BRANDING: Branding = {
  logoUrl: null,
  accentColor: null,
  backgroundColor: null,
  displayName: null,
  welcomeText: null,
};

const COLOR = /^#[0-9a-f]{6}$/;

/** Grounds that texts in the accent colour stand on: the surfaces of both schemes. */
const GROUND = { light: '#ffffff', dark: '#141b20' } as const;

/** Reads what the server says; what is not as it should be counts as absent. */
export function readBranding(body: unknown): Branding {
  if (typeof body !== 'object' || body === null) return NO_BRANDING;
  const given = body as Record<string, unknown>;
  const text = (name: string) => {
    const value = given[name];
    return typeof value === 'string' && value.trim() !== '' ? value : null;
  };
  const color = (name: string) => {
    const value = text(name)?.toLowerCase() ?? null;
    return value !== null && COLOR.test(value) ? value : null;
  };
  const logoUrl = text('logo_url');
  return {
    logoUrl: logoUrl?.startsWith('https://') ? logoUrl : null,
    accentColor: color('accent_color'),
    backgroundColor: color('background_color'),
    displayName: text('display_name'),
    welcomeText: text('welcome_text'),
  };
}

/** The scheme whose texts read well on the app's background; `null` leaves it to the person. */
export function schemeOf({ backgroundColor }: Branding): 'light' | 'dark' | null {
  if (backgroundColor === null) return null;
  return readableTextOn(backgroundColor) === '#ffffff' ? 'dark' : 'light';
}

/**
 * The style sheet that gives the tokens the app's colours. Texts in the accent colour are made darker
 * or lighter until they can be read.
 */
export function brandSheet({ accentColor: accent, backgroundColor: ground }: Branding): string {
  const rules: string[] = [];
  if (accent !== null) {
    const shared = `--color-primary:${accent};--color-on-primary:${readableTextOn(accent)};--color-primary-hover:color-mix(in oklab,${accent} 86%,black);`;
    const text = (scheme: keyof typeof GROUND) => {
      const shade = readableShade(accent, GROUND[scheme]);
      return `--color-primary-text:${shade};--color-focus:${shade};--color-primary-line:${shade};--color-primary-soft:color-mix(in oklab,${accent} 12%,${GROUND[scheme]});`;
    };
    rules.push(
      `:root:root{${shared}${text('light')}}`,
      `:root:root[data-mantine-color-scheme="dark"],:root:root [data-scheme="dark"]{${shared}${text('dark')}}`,
    );
  }
  if (ground !== null) {
    rules.push(`:root:root{--page-ground:${ground};}`);
    // A call stays dark: pictures stand out from nothing else.
    if (readableTextOn(ground) === '#ffffff') rules.push(`:root:root{--call-canvas:${ground};}`);
  }
  return rules.join('');
}
