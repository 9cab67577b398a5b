import { darkColors, dimensions, lightColors } from '@jumpa/ui';
import type { BarSeriesOption, LineSeriesOption } from 'echarts/charts';
import type {
  AriaComponentOption,
  GridComponentOption,
  TooltipComponentOption,
} from 'echarts/components';
import type { ComposeOption } from 'echarts/core';

export type ChartOption = ComposeOption<
  | AriaComponentOption
  | BarSeriesOption
  | GridComponentOption
  | LineSeriesOption
  | TooltipComponentOption
>;

/** One course of numbers; `values` has one for each step of the chart, `null` where none is known. */
export interface ChartSeries {
  readonly name: string;
  readonly values: readonly (number | null)[];
}

/** What a chart shows, without how it looks. */
export interface ChartData {
  /** Bars stand for amounts, lines for states. */
  readonly kind: 'bars' | 'lines';
  /** Along the bottom, complete: "Sunday, 22 November". */
  readonly steps: readonly string[];
  /** The same, short, for the axis: "22 Nov". */
  readonly marks: readonly string[];
  readonly series: readonly ChartSeries[];
  /** A value in words, with its unit. */
  readonly format: (value: number) => string;
  /** Where the axis ends when the values do not say it: 1 for shares. */
  readonly max?: number;
}

/** How a chart looks: what the page around it says. */
export interface ChartLook {
  readonly scheme: 'light' | 'dark';
  readonly isStill: boolean;
  /** Space left of the drawing, pixels; numbers of the axis stand there. */
  readonly gutter: number;
  /** The whole chart in a sentence. */
  readonly description: string;
}

/** As many colours as there are tokens; after that they come again with another stroke. */
const SERIES_COLORS = 5;
const STROKES = ['solid', 'dashed', 'dotted'] as const;
/** Names along the bottom: more make a grey line of them. */
const MOST_MARKS = 10;
const FONT_SIZE = Number.parseInt(dimensions['text-xs'], 10);

/** The colour and the stroke of a series: two of the same colour never have the same stroke. */
export function seriesLook(index: number, scheme: 'light' | 'dark') {
  const colors = scheme === 'dark' ? darkColors : lightColors;
  const number = ((index % SERIES_COLORS) + 1) as 1 | 2 | 3 | 4 | 5;
  return {
    color: colors[`color-series-${number}`],
    stroke: STROKES[Math.floor(index / SERIES_COLORS) % STROKES.length] ?? 'solid',
  };
}

/** The option of echarts for a chart. */
export function chartOption(data: ChartData, look: ChartLook): ChartOption {
  const colors = look.scheme === 'dark' ? darkColors : lightColors;
  const isBars = data.kind === 'bars';
  const text = {
    color: colors['color-text-muted'],
    fontFamily: dimensions['font-sans'],
    fontSize: FONT_SIZE,
  };
  return {
    animation: !look.isStill,
    animationDuration: 180,
    animationEasing: 'cubicOut',
    aria: {
      enabled: true,
      label: { description: look.description },
      decal: { show: isBars && data.series.length > 1 },
    },
    grid: { left: look.gutter, right: 12, top: 12, bottom: 28 },
    tooltip: {
      trigger: 'axis',
      confine: true,
      backgroundColor: colors['color-surface-raised'],
      borderColor: colors['color-border'],
      padding: [8, 12],
      extraCssText: `border-radius: 8px; box-shadow: ${colors['shadow-float']}`,
      textStyle: { ...text, color: colors['color-text'] },
      axisPointer: isBars
        ? { type: 'shadow', shadowStyle: { color: colors['color-text'], opacity: 0.06 } }
        : { type: 'line', lineStyle: { color: colors['color-border-strong'], type: 'solid' } },
      formatter: (points) => tooltip(data, [points].flat()[0]?.dataIndex ?? 0, look.scheme),
    },
    xAxis: {
      type: 'category',
      data: [...data.marks],
      boundaryGap: isBars,
      axisLine: { lineStyle: { color: colors['color-border'] } },
      axisTick: { show: false },
      axisLabel: {
        ...text,
        interval: Math.max(0, Math.ceil(data.marks.length / MOST_MARKS) - 1),
        hideOverlap: true,
        margin: 10,
      },
    },
    yAxis: {
      type: 'value',
      min: 0,
      // Whole quarters read better than what the library finds for a fixed end.
      ...(data.max !== undefined && { max: data.max, interval: data.max / 4 }),
      splitNumber: 3,
      axisLabel: { ...text, formatter: (value: number) => data.format(value) },
      splitLine: { lineStyle: { color: colors['color-border'], opacity: 0.7 } },
    },
    series: data.series.map(({ name, values }, index) => {
      const { color, stroke } = seriesLook(index, look.scheme);
      const common = { name, data: [...values], itemStyle: { color } };
      if (isBars) {
        const itemStyle = { color, borderRadius: [3, 3, 0, 0] };
        return { ...common, itemStyle, type: 'bar', barMaxWidth: 26, barCategoryGap: '30%' };
      }
      const isAlone = data.series.length === 1;
      return {
        ...common,
        type: 'line',
        // A value between two gaps is no line; it would not be seen.
        showSymbol: values.filter((value) => value !== null).length === 1,
        showAllSymbol: true,
        symbol: 'circle',
        symbolSize: 6,
        lineStyle: { color, width: 2, type: stroke },
        ...(isAlone && { areaStyle: { color, opacity: 0.1 } }),
        emphasis: { disabled: true },
      };
    }),
  };
}

/** Built of elements, not of markup: names in it come from people. */
function tooltip(data: ChartData, step: number, scheme: 'light' | 'dark'): HTMLElement {
  const box = document.createElement('div');
  const title = box.appendChild(document.createElement('div'));
  title.textContent = data.steps[step] ?? '';
  title.style.cssText = 'font-weight: 500; margin-block-end: 4px';
  for (const [index, { name, values }] of data.series.entries()) {
    const value = values[step];
    if (value === null || value === undefined) continue;
    const row = box.appendChild(document.createElement('div'));
    row.style.cssText = 'display: flex; gap: 8px; align-items: center; line-height: 1.6';
    const sign = row.appendChild(document.createElement('span'));
    const { color } = seriesLook(index, scheme);
    sign.style.cssText = `inline-size: 8px; block-size: 8px; border-radius: 4px; background: ${color}`;
    const label = row.appendChild(document.createElement('span'));
    label.textContent = name;
    label.style.cssText =
      'flex: 1; max-inline-size: 220px; overflow: hidden; text-overflow: ellipsis';
    const amount = row.appendChild(document.createElement('strong'));
    amount.textContent = data.format(value);
    amount.style.cssText = 'font-variant-numeric: tabular-nums; margin-inline-start: 12px';
  }
  return box;
}
