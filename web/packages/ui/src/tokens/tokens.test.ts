import { describe, expect, it } from 'vitest';
import { contrastRatio, readableTextOn } from './contrast';
import { renderTokensCss } from './renderTokensCss';
import { avatarColors, callColors, darkColors, lightColors } from './tokens';

describe.each([
  ['light', lightColors],
  ['dark', darkColors],
])('%s colours', (_, colors) => {
  const surfaces = [
    colors['color-surface'],
    colors['color-surface-sunken'],
    colors['color-surface-hover'],
    colors['color-surface-raised'],
  ];

  it.each(surfaces)('keep text readable on %s', (surface) => {
    expect(contrastRatio(colors['color-text'], surface)).toBeGreaterThanOrEqual(7);
    expect(contrastRatio(colors['color-text-muted'], surface)).toBeGreaterThanOrEqual(4.5);
    expect(contrastRatio(colors['color-primary-text'], surface)).toBeGreaterThanOrEqual(4.5);
    expect(contrastRatio(colors['color-danger-text'], surface)).toBeGreaterThanOrEqual(4.5);
    expect(contrastRatio(colors['color-attention-text'], surface)).toBeGreaterThanOrEqual(4.5);
    expect(contrastRatio(colors['color-good-text'], surface)).toBeGreaterThanOrEqual(4.5);
  });

  it('keep text readable on filled and soft grounds', () => {
    for (const [text, ground] of [
      ['color-on-primary', 'color-primary'],
      ['color-on-primary', 'color-primary-hover'],
      ['color-on-danger', 'color-danger-hover'],
      ['color-on-danger', 'color-danger'],
      ['color-on-attention', 'color-attention'],
      ['color-danger-text', 'color-danger-soft'],
      ['color-attention-text', 'color-attention-soft'],
      ['color-good-text', 'color-good-soft'],
      ['color-primary-text', 'color-primary-soft'],
    ] as const) {
      expect(contrastRatio(colors[text], colors[ground]), text).toBeGreaterThanOrEqual(4.5);
    }
  });

  it('keep the series of charts visible on their ground', () => {
    for (const series of [1, 2, 3, 4, 5] as const) {
      for (const surface of [colors['color-surface'], colors['color-surface-raised']]) {
        expect(contrastRatio(colors[`color-series-${series}`], surface)).toBeGreaterThanOrEqual(3);
      }
    }
  });

  it('keep control borders and focus visible on every surface', () => {
    for (const surface of surfaces) {
      expect(contrastRatio(colors['color-border-strong'], surface)).toBeGreaterThanOrEqual(3);
      expect(contrastRatio(colors['color-focus'], surface)).toBeGreaterThanOrEqual(3);
    }
  });
});

it('text in calls reaches AAA', () => {
  for (const ground of [
    'call-canvas',
    'call-tile',
    'call-control',
    'call-control-hover',
  ] as const) {
    expect(contrastRatio(callColors['call-text'], callColors[ground])).toBeGreaterThanOrEqual(7);
  }
});

it('initials read on every avatar ground', () => {
  for (const ground of avatarColors.flat()) {
    expect(contrastRatio('#ffffff', ground), ground).toBeGreaterThanOrEqual(4.5);
  }
});

it('a light brand colour gets dark text and a dark one white', () => {
  expect(readableTextOn('#ffe14d')).toBe('#0b1014');
  expect(readableTextOn('#14213d')).toBe('#ffffff');
});

it('the style sheet is what the tokens say', async () => {
  await expect(renderTokensCss()).toMatchFileSnapshot('./tokens.css');
});
