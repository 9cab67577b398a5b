/**
 * Contrast of two colours written as `#rrggbb`, from 1 to 21 (WCAG 2.2, "contrast ratio").
 */
export function contrastRatio(one: string, other: string): number {
  const [light, dark] = [luminance(one), luminance(other)].sort((a, b) => b - a) as [
    number,
    number,
  ];
  return (light + 0.05) / (dark + 0.05);
}

/**
 * Black or white, whichever reads better on `ground` (`#rrggbb`).
 *
 * A tenant's brand colour may be anything; text on it stays readable by this choice.
 */
export function readableTextOn(ground: string): '#ffffff' | '#0b1014' {
  return contrastRatio(ground, '#ffffff') >= contrastRatio(ground, '#0b1014')
    ? '#ffffff'
    : '#0b1014';
}

/** Contrast that texts need (WCAG 2.2, 1.4.3). */
const TEXT_CONTRAST = 4.5;

/**
 * A shade of a colour that texts can have on `ground` (both `#rrggbb`): the colour itself, or darker or
 * lighter in as small a step as does.
 */
export function readableShade(color: string, ground: string): string {
  const end = readableTextOn(ground) === '#ffffff' ? '#ffffff' : '#000000';
  for (let share = 0; share < 1; share += 0.05) {
    const shade = mix(color, end, share);
    if (contrastRatio(shade, ground) >= TEXT_CONTRAST) return shade;
  }
  return end;
}

function mix(one: string, other: string, share: number): string {
  const channel = (color: string, at: number) => Number.parseInt(color.slice(at, at + 2), 16);
  return [1, 3, 5].reduce((text, at) => {
    const value = Math.round(channel(one, at) * (1 - share) + channel(other, at) * share);
    return text + value.toString(16).padStart(2, '0');
  }, '#');
}

function luminance(color: string): number {
  const channel = (at: number) => {
    const value = Number.parseInt(color.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  return 0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5);
}
