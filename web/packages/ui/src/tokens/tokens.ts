import { palette } from './palette';

/** A set of CSS custom properties without the leading dashes. */
export type TokenSet = Readonly<Record<string, string>>;

const { laut, kunyit, cabai, daun, neutral } = palette;

/** Lengths, type and motion: equal in light and dark. */
export const dimensions = {
  'space-1': '4px',
  'space-2': '8px',
  'space-3': '12px',
  'space-4': '16px',
  'space-5': '20px',
  'space-6': '24px',
  'space-8': '32px',
  'space-10': '40px',
  'space-12': '48px',
  'space-16': '64px',
  'radius-control': '6px',
  'radius-card': '12px',
  'radius-sheet': '16px',
  'radius-full': '999px',
  'font-sans': "'Inter Variable', system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif",
  'font-mono': "ui-monospace, 'SF Mono', 'Cascadia Mono', Menlo, Consolas, monospace",
  'text-xs': '12px',
  'text-sm': '14px',
  'text-md': '16px',
  'text-lg': '18px',
  'text-xl': '22px',
  'text-2xl': '28px',
  'text-3xl': '36px',
  'weight-normal': '400',
  'weight-medium': '500',
  'weight-strong': '650',
  'target-min': '44px',
  'motion-fast': '120ms',
  'motion-base': '180ms',
  'motion-ease': 'cubic-bezier(0.2, 0.7, 0.2, 1)',
} as const satisfies TokenSet;

/**
 * Colours on light ground. Text tokens reach AA (4.5) on every surface token, `text` AAA.
 * `series-1` to `series-5` draw charts, in this order; the colour-blind tell them apart.
 */
export const lightColors = {
  'color-surface': '#ffffff',
  'color-surface-sunken': neutral[0],
  'color-surface-hover': neutral[1],
  'color-surface-raised': '#ffffff',
  'color-text': neutral[9],
  'color-text-muted': neutral[6],
  'color-border': neutral[2],
  'color-border-strong': neutral[5],
  'color-primary': laut[6],
  'color-primary-hover': laut[7],
  'color-on-primary': '#ffffff',
  'color-primary-text': laut[7],
  'color-primary-soft': laut[0],
  'color-primary-line': laut[3],
  'color-danger': cabai[6],
  'color-danger-hover': cabai[7],
  'color-on-danger': '#ffffff',
  'color-danger-text': cabai[7],
  'color-danger-soft': cabai[0],
  'color-danger-line': cabai[3],
  'color-attention': kunyit[5],
  'color-on-attention': '#2b1c04',
  'color-attention-text': kunyit[7],
  'color-attention-soft': kunyit[0],
  'color-attention-line': kunyit[3],
  'color-good': daun[6],
  'color-good-text': daun[7],
  'color-good-soft': daun[0],
  'color-focus': laut[6],
  'color-series-1': laut[6],
  'color-series-2': kunyit[6],
  'color-series-3': '#5b6bd6',
  'color-series-4': '#c2527a',
  'color-series-5': neutral[5],
  'color-backdrop': 'rgb(11 16 20 / 48%)',
  'shadow-float': '0 8px 28px rgb(11 16 20 / 16%), 0 2px 6px rgb(11 16 20 / 8%)',
  'shadow-small': '0 1px 3px rgb(11 16 20 / 12%)',
} as const satisfies TokenSet;

/** The same names on dark ground. */
export const darkColors: Record<keyof typeof lightColors, string> = {
  'color-surface': '#141b20',
  'color-surface-sunken': neutral[9],
  'color-surface-hover': '#242e35',
  'color-surface-raised': '#1b242a',
  'color-text': '#f3f6f7',
  'color-text-muted': '#abb7be',
  'color-border': '#2c373f',
  'color-border-strong': '#71808a',
  'color-primary': laut[6],
  'color-primary-hover': '#108281',
  'color-on-primary': '#ffffff',
  'color-primary-text': laut[3],
  'color-primary-soft': '#0d2c2d',
  'color-primary-line': laut[7],
  'color-danger': cabai[6],
  'color-danger-hover': '#d93c33',
  'color-on-danger': '#ffffff',
  'color-danger-text': cabai[3],
  'color-danger-soft': '#341513',
  'color-danger-line': cabai[8],
  'color-attention': kunyit[5],
  'color-on-attention': '#2b1c04',
  'color-attention-text': kunyit[3],
  'color-attention-soft': '#332509',
  'color-attention-line': kunyit[7],
  'color-good': daun[4],
  'color-good-text': daun[3],
  'color-good-soft': '#12291a',
  'color-focus': laut[3],
  'color-series-1': laut[4],
  'color-series-2': kunyit[5],
  'color-series-3': '#8b98ee',
  'color-series-4': '#e07fa4',
  'color-series-5': neutral[4],
  'color-backdrop': 'rgb(4 7 9 / 64%)',
  'shadow-float': '0 12px 32px rgb(0 0 0 / 48%), 0 2px 8px rgb(0 0 0 / 32%)',
  'shadow-small': '0 1px 3px rgb(0 0 0 / 40%)',
};

/**
 * The canvas of a call: always dark, whatever the theme, because faces stand out on it.
 * `call-scrim` carries white text over any picture.
 */
export const callColors = {
  'call-canvas': '#0b1014',
  'call-tile': '#1b242a',
  'call-tile-line': '#2b373f',
  'call-bar': 'rgb(22 29 34 / 92%)',
  'call-control': '#27323a',
  'call-control-hover': '#33414a',
  'call-control-off': '#f3f6f7',
  'call-on-control-off': '#141b20',
  'call-text': '#f6f8f9',
  'call-text-muted': '#b7c2c9',
  'call-line': '#2b373f',
  'call-scrim': 'rgb(6 9 11 / 72%)',
  'call-speaking': laut[3],
  'call-hand': kunyit[5],
  'call-on-hand': '#2b1c04',
  'call-good': daun[3],
  'call-fair': kunyit[4],
  'call-poor': cabai[3],
} as const satisfies TokenSet;

/** Grounds for initials; white text reaches at least 4.5 on both ends of each. */
export const avatarColors: readonly (readonly [string, string])[] = [
  [laut[6], laut[7]],
  ['#4c58c4', '#3a459e'],
  ['#a83f66', '#86304f'],
  ['#8c590c', '#6b440d'],
  ['#2a7a45', '#1f5d34'],
  ['#7a4fb0', '#5f3b8d'],
  ['#a84a2a', '#853820'],
  ['#3b6b94', '#2c5274'],
];
