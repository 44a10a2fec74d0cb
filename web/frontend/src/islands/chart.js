/** A figure by month with its target, or a ranking, drawn by ECharts as SVG; in a chunk of its own, for the pages that have charts. */
import { BarChart, LineChart } from 'echarts/charts';
import { AriaComponent, GridComponent, MarkLineComponent, TooltipComponent } from 'echarts/components';
import * as echarts from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';

echarts.use([BarChart, LineChart, AriaComponent, GridComponent, MarkLineComponent, TooltipComponent, SVGRenderer]);

/**
 * @typedef {object} Props
 * @property {'line' | 'bar' | 'ranking'} kind
 * @property {string[]} categories
 * @property {(number | null)[]} values
 * @property {string} name
 * @property {string} unit
 * @property {number | null} [target]
 * @property {string} [targetName]
 */

/**
 * @param {HTMLElement} element
 * @param {Props} props
 */
export async function mount(element, props) {
  const chart = echarts.init(element, null, { renderer: 'svg' });
  const draw = () => chart.setOption(optionOf(props, element.clientWidth, getComputedStyle(document.documentElement)), true);
  draw();
  const resizing = new ResizeObserver(() => chart.resize());
  resizing.observe(element);
  const theming = new MutationObserver(draw);
  theming.observe(document.documentElement, { attributes: true, attributeFilter: ['data-bs-theme'] });
  return () => {
    resizing.disconnect();
    theming.disconnect();
    chart.dispose();
  };
}

/**
 * @param {Props} props
 * @param {number} width of the drawing, in pixels
 * @param {CSSStyleDeclaration} style of the page, for its colours
 * @returns {any} what ECharts is to draw
 */
function optionOf(props, width, style) {
  /** @param {string} name */
  const colour = (name) => style.getPropertyValue(name).trim();
  const isRanking = props.kind === 'ranking';
  const labelWidth = isRanking ? Math.round(width * 0.42) : undefined;
  const names = {
    type: 'category',
    data: props.categories,
    inverse: isRanking,
    axisLine: { lineStyle: { color: colour('--ops-line') } },
    axisTick: { show: false },
    axisLabel: { color: colour('--ops-quiet'), width: labelWidth, overflow: 'truncate', showMaxLabel: true },
  };
  const numbers = {
    type: 'value',
    name: props.unit,
    nameTextStyle: { color: colour('--ops-quiet') },
    splitNumber: isRanking ? 3 : 4,
    min: props.kind === 'line' && props.unit !== '%' ? 0 : undefined,
    max: props.unit === '%' ? 100 : (/** @type {{max: number}} */ shown) => roomFor(Math.max(shown.max, props.target ?? 0)),
    splitLine: { lineStyle: { color: colour('--ops-line') } },
    axisLabel: { color: colour('--ops-quiet') },
  };
  return {
    animation: false,
    aria: { enabled: true },
    grid: { left: 8, right: isRanking ? 48 : 20, top: isRanking ? 4 : 28, bottom: 4, containLabel: true },
    tooltip: {
      trigger: 'axis',
      renderMode: 'richText',
      backgroundColor: colour('--ops-paper'),
      borderColor: colour('--ops-line'),
      textStyle: { color: colour('--ops-ink') },
      valueFormatter: (/** @type {number | null} */ value) => (value === null || value === undefined ? '—' : `${value} ${props.unit}`),
    },
    xAxis: isRanking ? { ...numbers, name: '' } : names,
    yAxis: isRanking ? names : numbers,
    series: [
      {
        type: props.kind === 'line' ? 'line' : 'bar',
        name: props.name,
        data: props.values,
        barMaxWidth: 28,
        symbolSize: 7,
        itemStyle: { color: colour('--ops-info') },
        lineStyle: { color: colour('--ops-info'), width: 2 },
        label: { show: isRanking, position: 'right', color: colour('--ops-quiet') },
        markLine: targetLine(props, colour('--ops-warn')),
      },
    ],
  };
}

/**
 * A round number a little above a value, so that neither a bar nor the line of the target touches the edge.
 * @param {number} value
 */
function roomFor(value) {
  const step = 10 ** Math.floor(Math.log10(Math.max(value, 1))) / 2;
  return Math.ceil((value * 1.02) / step) * step || 1;
}

/**
 * @param {Props} props
 * @param {string} colour
 */
function targetLine(props, colour) {
  if (props.target === null || props.target === undefined) return undefined;
  return {
    silent: true,
    symbol: 'none',
    lineStyle: { color: colour, type: 'dashed', width: 1.5 },
    label: { formatter: props.targetName ?? '', position: 'insideEndBottom', color: colour },
    data: [{ yAxis: props.target }],
  };
}
