import { BarChart, LineChart } from 'echarts/charts';
import { AriaComponent, GridComponent, TooltipComponent } from 'echarts/components';
import { connect, type EChartsType, init, use } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import { type ReactNode, useEffect, useRef } from 'react';
import styles from './ChartCard.module.css';
import { type ChartData, type ChartLook, chartOption } from './chartOption';

use([AriaComponent, BarChart, GridComponent, LineChart, SVGRenderer, TooltipComponent]);

export interface PlotProps {
  data: ChartData;
  look: ChartLook;
  /** Charts of one name show the same step at the same time. */
  group?: string;
}

/** The drawing of a chart. Loaded on demand: the library behind it is larger than all screens. */
export function Plot({ data, look, group }: PlotProps): ReactNode {
  const place = useRef<HTMLDivElement>(null);
  const latest = useRef<ReturnType<typeof chartOption> | null>(null);
  const chart = useRef<EChartsType | null>(null);
  useEffect(() => {
    latest.current = chartOption(data, look);
    chart.current?.setOption(latest.current, { notMerge: true });
  }, [data, look]);

  useEffect(() => {
    const element = place.current;
    if (!element) return;
    // The first report comes at once and tells the size; before that there is none to draw in.
    const observer = new ResizeObserver(() => {
      if (element.clientWidth === 0) return;
      if (chart.current) {
        chart.current.resize();
        return;
      }
      const made = init(element, null, { renderer: 'svg' });
      chart.current = made;
      if (group) {
        made.group = group;
        connect(group);
      }
      if (latest.current) made.setOption(latest.current);
    });
    observer.observe(element);
    return () => {
      observer.disconnect();
      chart.current?.dispose();
      chart.current = null;
    };
  }, [group]);
  return <div ref={place} className={styles.plot} role="img" aria-label={look.description} />;
}
