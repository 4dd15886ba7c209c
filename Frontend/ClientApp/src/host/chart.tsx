import { countText, useTexts } from "../i18n";
import type { MessageKey } from "../i18n/messages";
import { chartPoints, roundTop } from "./series";

const width = 320;
const height = 64;

export interface ChartLine {
  title: MessageKey;
  /** Second by second, the newest last. */
  values: readonly number[];
  /** Names its colour. */
  kind: string;
}

interface ChartProps {
  /** Ends its test id. */
  name: string;
  /** How far it looks back. */
  seconds: number;
  /** The first is drawn with an area below it. */
  lines: readonly ChartLine[];
}

/** What happened second by second: one line or a few on one scale, said in words for who does not see them. */
export function Chart({ name, seconds, lines }: ChartProps) {
  const t = useTexts();
  const top = roundTop(lines.flatMap((line) => line.values));
  const label = lines.map((line) => sentence(t, line)).join("; ");
  return (
    <figure class="chart" data-testid={`chart-${name}`} data-value={lines[0]?.values.at(-1) ?? 0}>
      <figcaption>
        {lines.map((line) => (
          <span class={`chart-key ${line.kind}`} key={line.kind}>
            <span class="chart-name">{t(line.title)}</span>
            <strong>{countText(line.values.at(-1) ?? 0)}</strong>
          </span>
        ))}
      </figcaption>
      <svg viewBox={`0 0 ${width} ${height}`} preserveAspectRatio="none" role="img" aria-label={label}>
        {lines.map((line, index) => (
          <Line key={line.kind} line={line} top={top} seconds={seconds} area={index === 0} />
        ))}
      </svg>
      <span class="chart-top" aria-hidden="true">
        {countText(top)}
      </span>
    </figure>
  );
}

function sentence(t: ReturnType<typeof useTexts>, { title, values }: ChartLine): string {
  const now = countText(values.at(-1) ?? 0);
  return t("figures.chart", { title: t(title), now, top: countText(Math.max(0, ...values)) });
}

function Line({ line, top, seconds, area }: { line: ChartLine; top: number; seconds: number; area: boolean }) {
  if (line.values.length < 2) return null;
  const points = chartPoints(line.values, width, height, top, seconds);
  const from = width - ((line.values.length - 1) * width) / (seconds - 1);
  return (
    <g class={line.kind}>
      {area && <polygon class="chart-area" points={`${from.toFixed(1)},${height} ${points} ${width},${height}`} />}
      <polyline class="chart-line" points={points} />
    </g>
  );
}
