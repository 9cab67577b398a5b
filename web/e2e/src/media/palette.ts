/** A colour as red, green and blue, 0 to 255. */
export interface Colour {
  readonly red: number;
  readonly green: number;
  readonly blue: number;
}

/** Colours far enough apart to be told from each other after encoding, whatever the layer. */
export const PALETTE = {
  red: { red: 200, green: 40, blue: 40 },
  green: { red: 40, green: 170, blue: 60 },
  blue: { red: 40, green: 70, blue: 210 },
  yellow: { red: 220, green: 190, blue: 30 },
  violet: { red: 160, green: 50, blue: 190 },
} as const satisfies Record<string, Colour>;

/** Name of a colour in `PALETTE`. */
export type ColourName = keyof typeof PALETTE;

/** Hue in degrees, 0 to 360, and saturation, 0 to 1. */
export function hueOf({ red, green, blue }: Colour): { hue: number; saturation: number } {
  const most = Math.max(red, green, blue);
  const span = most - Math.min(red, green, blue);
  if (span === 0) return { hue: 0, saturation: 0 };
  const sextant =
    most === red
      ? ((green - blue) / span + 6) % 6
      : most === green
        ? (blue - red) / span + 2
        : (red - green) / span + 4;
  return { hue: sextant * 60, saturation: span / most };
}

/** The palette's colour of a picture, `null` for one that is grey or between two colours. */
export function colourName(colour: Colour): ColourName | null {
  const seen = hueOf(colour);
  if (seen.saturation < 0.25) return null;
  for (const [name, reference] of Object.entries(PALETTE)) {
    const distance = Math.abs(seen.hue - hueOf(reference).hue);
    if (Math.min(distance, 360 - distance) <= 18) return name as ColourName;
  }
  return null;
}
