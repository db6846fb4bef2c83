import { BarChart, LineChart } from "echarts/charts";
import { AriaComponent, GridComponent, TooltipComponent } from "echarts/components";
import { init, use, type EChartsCoreOption } from "echarts/core";
import { CanvasRenderer } from "echarts/renderers";
import { formatNumber } from "@/texts/format";

/** The parts of ECharts the console draws with; loaded with the first chart. */

use([BarChart, LineChart, GridComponent, TooltipComponent, AriaComponent, CanvasRenderer]);

export interface ChartSeries {
  name: string;
  values: (number | null)[];
}

export interface ChartData {
  kind: "line" | "bar" | "ranking";
  categories: string[];
  series: ChartSeries[];
  unit: string;
  /** Of its words, in pixels. */
  size: number;
}

export { init };

const TOKENS = ["primary", "info", "chart-3", "chart-4", "text", "text-2", "line", "card"] as const;
type Tokens = Record<(typeof TOKENS)[number] | "font", string>;

function readTokens(): Tokens {
  const style = getComputedStyle(document.documentElement);
  const pairs = [...TOKENS, "font"].map((name) => [
    name,
    style.getPropertyValue(`--${name}`).trim(),
  ]);
  return Object.fromEntries(pairs) as Tokens;
}

/** How the data is drawn: our colours, values and names written where they belong, no legend. */
export function optionsFor(data: ChartData, isStill: boolean): EChartsCoreOption {
  const tokens = readTokens();
  const words = { color: tokens["text-2"], fontFamily: tokens.font, fontSize: data.size };
  const isRanking = data.kind === "ranking";
  const category = {
    type: "category",
    data: data.categories,
    inverse: isRanking,
    axisLine: { lineStyle: { color: tokens.line } },
    axisTick: { show: false },
    axisLabel: { ...words, hideOverlap: true, width: data.size * 12, overflow: "truncate" },
  };
  const value = {
    type: "value",
    minInterval: 1,
    splitLine: { show: !isRanking, lineStyle: { color: tokens.line } },
    axisLabel: { ...words, show: !isRanking },
  };
  return {
    color: [tokens.primary, tokens.info, tokens["chart-3"], tokens["chart-4"]],
    animation: !isStill,
    animationDuration: 200,
    animationDurationUpdate: 200,
    textStyle: words,
    aria: { enabled: true },
    grid: {
      left: 0,
      right: data.size * 5.5,
      top: isRanking ? 0 : data.size * 2,
      bottom: 0,
      outerBoundsMode: "same",
    },
    tooltip: {
      trigger: "axis",
      valueFormatter: (value: number) => `${formatNumber(value)} ${data.unit}`,
      // Text drawn on the canvas: the policy for styles forbids what ECharts would write as HTML.
      renderMode: "richText",
      backgroundColor: tokens.card,
      borderColor: tokens.line,
      textStyle: { ...words, color: tokens.text },
    },
    xAxis: isRanking ? value : category,
    yAxis: isRanking ? category : value,
    series: data.series.slice(0, 4).map((series) => seriesOption(data, series, words)),
  };
}

/** Ends of lines may meet: the upper one's label stands above its end, the lower one's below. */
function besideOthers(data: ChartData, series: ChartSeries): "top" | "middle" | "bottom" {
  const ends = data.series.map(({ values }) => values.at(-1) ?? 0);
  const place = data.series.indexOf(series);
  if (ends.length === 1) return "middle";
  if (place === ends.indexOf(Math.max(...ends))) return "bottom";
  return place === ends.lastIndexOf(Math.min(...ends)) ? "top" : "middle";
}

function seriesOption(data: ChartData, series: ChartSeries, words: object): object {
  const name = data.series.length === 1 ? "" : `${series.name} `;
  const formatter = ({ value }: { value: number }) => `${name}${formatNumber(value)}`;
  if (data.kind === "line") {
    return {
      type: "line",
      id: series.name,
      name: series.name,
      data: series.values,
      symbolSize: 6,
      showSymbol: data.categories.length <= 31,
      lineStyle: { width: 2 },
      endLabel: {
        show: true,
        ...words,
        formatter,
        distance: 8,
        verticalAlign: besideOthers(data, series),
      },
      labelLayout: { moveOverlap: "shiftY" },
    };
  }
  return {
    type: "bar",
    id: series.name,
    name: series.name,
    data: series.values,
    barMaxWidth: data.kind === "ranking" ? 18 : 28,
    labelLayout: { hideOverlap: true },
    itemStyle: { borderRadius: data.kind === "ranking" ? [0, 4, 4, 0] : [4, 4, 0, 0] },
    label: {
      show: data.categories.length <= 24,
      position: data.kind === "ranking" ? "right" : "top",
      ...words,
      formatter,
    },
  };
}
