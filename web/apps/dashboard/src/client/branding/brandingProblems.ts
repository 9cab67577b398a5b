import type { Branding } from '../../api/clientApps';

/** Fields of a look that can be wrong. */
export type BrandingField = 'logo_url' | 'accent_color' | 'background_color' | 'own_domain';

const COLOR = /^#[0-9a-f]{6}$/;
/** A host name with at least one dot (RFC 1123 section 2.1). */
const HOST = /^(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63}$/i;

/** What the server would refuse of a look. */
export function brandingProblems(branding: Branding): ReadonlySet<BrandingField> {
  const { logo_url, accent_color, background_color, own_domain } = branding;
  const problems = new Set<BrandingField>();
  if (logo_url !== null && !isHttps(logo_url)) problems.add('logo_url');
  if (accent_color !== null && !COLOR.test(accent_color)) problems.add('accent_color');
  if (background_color !== null && !COLOR.test(background_color)) problems.add('background_color');
  if (own_domain !== null && !HOST.test(own_domain)) problems.add('own_domain');
  return problems;
}

/** Whether a picture can be fetched from there. */
export function isHttps(text: string): boolean {
  try {
    return new URL(text).protocol === 'https:';
  } catch {
    return false;
  }
}
