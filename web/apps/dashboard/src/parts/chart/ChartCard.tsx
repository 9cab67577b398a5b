import { useComputedColorScheme } from '@mantine/core';
import { useReducedMotion } from '@mantine/hooks';
import { lazy, type ReactNode, Suspense, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { IconChartBar, IconTable } from '../../icons';
import { Card } from '../Card';
import { TableScroller } from '../TableScroller';
import styles from './ChartCard.module.css';
import { type ChartData, seriesLook } from './chartOption';

const Plot = lazy(async () => ({ default: (await import('./Plot')).Plot }));

/** Room for the numbers of the axis, pixels. */
const GUTTER = 52;

export interface ChartCardProps extends ChartData {
  title: string;
  lead?: ReactNode;
  /** What stands along the bottom: "Day". */
  axis: string;
  /** Charts of one name show the same step at the same time. */
  group?: string;
  gutter?: number;
  height?: 'normal' | 'low';
  /** The legend stands elsewhere, once for several charts. */
  isLegendAbove?: boolean;
}

/** A chart that can also be read as a table. */
export function ChartCard({
  title,
  lead,
  axis,
  group,
  gutter = GUTTER,
  height = 'normal',
  isLegendAbove = false,
  ...data
}: ChartCardProps): ReactNode {
  const { t } = useTranslation('numbers');
  const scheme = useComputedColorScheme('light');
  const isStill = useReducedMotion();
  const { kind, steps, marks, series, format, max } = data;
  const description = t('chart.description', {
    title,
    first: steps[0] ?? '',
    last: steps.at(-1) ?? '',
    highest: format(highest(data)),
  });
  const plotted = useMemo<ChartData>(
    () => ({ kind, steps, marks, series, format, ...(max !== undefined && { max }) }),
    [kind, steps, marks, series, format, max],
  );
  const look = useMemo(
    () => ({ scheme, isStill, gutter, description }),
    [scheme, isStill, gutter, description],
  );
  return (
    <TableToggle
      title={title}
      lead={lead}
      table={<ChartTable title={title} axis={axis} data={data} />}
    >
      <div className={styles.place} data-height={height}>
        {series.length > 1 && !isLegendAbove && <Legend names={series.map(({ name }) => name)} />}
        <Suspense fallback={<span className={styles.bone} />}>
          <Plot data={plotted} look={look} {...(group && { group })} />
        </Suspense>
      </div>
    </TableToggle>
  );
}

/** Stands for a chart until its numbers are there. */
export function ChartBone({ title }: { title: string }): ReactNode {
  return (
    <Card title={title}>
      <div className={styles.place} data-height="normal">
        <span className={styles.bone} />
      </div>
    </Card>
  );
}

export interface TableToggleProps {
  title: string;
  lead?: ReactNode;
  table: ReactNode;
  /** The drawing. */
  children: ReactNode;
}

/** A card with a drawing and, behind a button, the same as a table. */
export function TableToggle({ title, lead, table, children }: TableToggleProps): ReactNode {
  const { t } = useTranslation('numbers');
  const [isTable, setTable] = useState(false);
  const label = isTable ? t('chart.as_chart', { title }) : t('chart.as_table', { title });
  return (
    <Card
      title={title}
      lead={lead}
      action={
        <button
          type="button"
          className={`icon-button ${styles.toggle}`}
          aria-label={label}
          title={label}
          onClick={() => setTable(!isTable)}
        >
          {isTable ? <IconChartBar aria-hidden="true" /> : <IconTable aria-hidden="true" />}
        </button>
      }
    >
      {isTable ? table : children}
    </Card>
  );
}

/** Which line is whose, in the order of the series. */
export function Legend({ names }: { names: readonly string[] }): ReactNode {
  const scheme = useComputedColorScheme('light');
  return (
    <ul className={styles.legend}>
      {names.map((name, index) => {
        const { color, stroke } = seriesLook(index, scheme);
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: two participants may have one name
          <li key={index}>
            <span
              className={styles.sign}
              style={{ borderBlockStartColor: color, borderBlockStartStyle: stroke }}
              aria-hidden="true"
            />
            {name}
          </li>
        );
      })}
    </ul>
  );
}

function ChartTable({
  title,
  axis,
  data,
}: {
  title: string;
  axis: string;
  data: ChartData;
}): ReactNode {
  return (
    <TableScroller label={title} className={styles.scroller}>
      <table className={styles.table} aria-label={title}>
        <thead>
          <tr>
            <th scope="col">{axis}</th>
            {data.series.map(({ name }, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: two participants may have one name
              <th key={index} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {data.steps.map((step, row) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: steps are known by their place
            <tr key={row}>
              <th scope="row">{step}</th>
              {data.series.map(({ values }, index) => {
                const value = values[row];
                return (
                  // biome-ignore lint/suspicious/noArrayIndexKey: two participants may have one name
                  <td key={index}>{typeof value === 'number' ? data.format(value) : '–'}</td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </TableScroller>
  );
}

function highest({ series }: ChartData): number {
  return series
    .flatMap(({ values }) => values)
    .reduce<number>((most, value) => Math.max(most, value ?? 0), 0);
}
