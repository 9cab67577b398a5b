import { darkColors, lightColors } from '@jumpa/ui';
import { describe, expect, it } from 'vitest';
import { type ChartData, type ChartLook, chartOption, seriesLook } from './chartOption';

const data: ChartData = {
  kind: 'bars',
  steps: ['Saturday', 'Sunday'],
  marks: ['Sat', 'Sun'],
  series: [{ name: 'Minutes', values: [3, null] }],
  format: (value) => `${value} min`,
};
const look: ChartLook = {
  scheme: 'light',
  isStill: false,
  gutter: 48,
  description: 'Minutes of two days',
};

describe('chartOption', () => {
  it('begins at zero, so that bars do not lie', () => {
    expect(chartOption(data, look).yAxis).toMatchObject({ min: 0 });
  });

  it('moves only for those who want motion', () => {
    expect(chartOption(data, look).animation).toBe(true);
    expect(chartOption(data, { ...look, isStill: true }).animation).toBe(false);
  });

  it('takes its colours from the tokens of the scheme', () => {
    const colorOf = (scheme: 'light' | 'dark') =>
      chartOption(data, { ...look, scheme }).series as readonly object[];
    expect(colorOf('light')[0]).toMatchObject({
      itemStyle: { color: lightColors['color-series-1'] },
    });
    expect(colorOf('dark')[0]).toMatchObject({
      itemStyle: { color: darkColors['color-series-1'] },
    });
  });

  it('describes itself and marks series by pattern as well', () => {
    const second = { name: 'Calls', values: [1, 2] };
    const option = chartOption({ ...data, series: [...data.series, second] }, look);
    expect(option.aria).toMatchObject({
      label: { description: 'Minutes of two days' },
      decal: { show: true },
    });
  });

  it('shows the name of a series as text, whatever it contains', () => {
    const name = '<img src=x onerror=alert(1)>';
    const { tooltip } = chartOption({ ...data, series: [{ name, values: [3, 4] }] }, look);
    const formatter = (tooltip as { formatter: (points: unknown) => HTMLElement }).formatter;
    const box = formatter([{ dataIndex: 1 }]);
    expect(box.textContent).toBe(`Sunday${name}4 min`);
    expect(box.querySelector('img')).toBeNull();
  });
});

it('fifteen series look different', () => {
  const looks = Array.from({ length: 15 }, (_, index) => {
    const { color, stroke } = seriesLook(index, 'light');
    return `${color} ${stroke}`;
  });
  expect(new Set(looks).size).toBe(15);
});
