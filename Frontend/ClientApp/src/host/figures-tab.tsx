import { useEffect, useState } from "preact/hooks";
import { countText, useTexts } from "../i18n";
import type { MessageKey } from "../i18n/messages";
import { isMessageKey } from "../i18n/messages";
import { useWork } from "../shell/work";
import type { RoomStats, VerdictTotals } from "../wire/host-types";
import { hostApi } from "../wire/room-api";
import { chartPoints, roundTop, seriesSeconds, type RoomSeries } from "./series";

const everyMs = 1_000;
const statsEvery = 2;

interface FiguresTabProps {
  roomId: string;
  series: RoomSeries;
}

/** The show in figures: the counters of the frames second by second, and what became of every danmaku. */
export function FiguresTab({ roomId, series }: FiguresTabProps) {
  const [, setRound] = useState(0);
  const [stats, setStats] = useState<RoomStats | null>(null);
  const { error, run } = useWork();
  useEffect(() => {
    let round = 0;
    const look = () => {
      setRound(++round);
      if (round % statsEvery !== 1 || document.visibilityState !== "visible") return;
      void run(async () => setStats(await hostApi.stats(roomId)));
    };
    look();
    const timer = setInterval(look, everyMs);
    return () => clearInterval(timer);
  }, [roomId]);
  return (
    <div class="console-stack" data-testid="figures">
      <Chart title="figures.viewers" values={series.viewers} kind="viewers" />
      <Chart title="figures.danmaku" values={series.danmaku} kind="danmaku" />
      <Chart title="figures.likes" values={series.likes} kind="likes" />
      <p class="form-error" role="alert">
        {error}
      </p>
      {stats && <Totals totals={stats.verdicts} />}
    </div>
  );
}

const chartWidth = 320;
const chartHeight = 64;

function Chart({ title, values, kind }: { title: MessageKey; values: readonly number[]; kind: string }) {
  const t = useTexts();
  const now = values.at(-1) ?? 0;
  const top = roundTop(values);
  const line = chartPoints(values, chartWidth, chartHeight, top);
  const from = chartWidth - ((values.length - 1) * chartWidth) / (seriesSeconds - 1);
  const label = t("figures.chart", { title: t(title), now: countText(now), top: countText(Math.max(0, ...values)) });
  return (
    <figure class={`chart ${kind}`} data-testid={`chart-${kind}`} data-value={now}>
      <figcaption>
        <span>{t(title)}</span>
        <strong>{countText(now)}</strong>
      </figcaption>
      <svg viewBox={`0 0 ${chartWidth} ${chartHeight}`} preserveAspectRatio="none" role="img" aria-label={label}>
        {values.length > 1 && (
          <>
            <polygon
              class="chart-area"
              points={`${from.toFixed(1)},${chartHeight} ${line} ${chartWidth},${chartHeight}`}
            />
            <polyline class="chart-line" points={line} />
          </>
        )}
      </svg>
      <span class="chart-top" aria-hidden="true">
        {countText(top)}
      </span>
    </figure>
  );
}

const parts = ["shown", "merged", "sampled", "held", "pending"] as const;

/** The sum is said as well: whoever looks can check that nothing was dropped in silence. */
function Totals({ totals }: { totals: VerdictTotals }) {
  const t = useTexts();
  const rejected = Object.values(totals.rejected).reduce((sum, count) => sum + count, 0);
  const sum = parts.reduce((all, part) => all + totals[part], 0) + rejected;
  const rows = [...parts.map((part) => [part, totals[part]] as const), ["rejected", rejected] as const];
  return (
    <section class="totals" data-testid="totals" data-received={totals.received} data-sum={sum}>
      <h3 class="card-heading">{t("figures.totals", { n: totals.received })}</h3>
      <div class="totals-bar" aria-hidden="true">
        {rows.map(([part, count]) => (
          <span
            key={part}
            class={`part ${part}`}
            style={{ width: `${totals.received === 0 ? 0 : (count / totals.received) * 100}%` }}
          />
        ))}
      </div>
      <dl class="totals-list">
        {rows.map(([part, count]) => (
          <div key={part} class={part}>
            <dt>{t(`figures.${part}`)}</dt>
            <dd data-testid={`total-${part}`}>{count}</dd>
          </div>
        ))}
      </dl>
      {rejected > 0 && (
        <ul class="reasons">
          {Object.entries(totals.rejected).map(([reason, count]) => (
            <li key={reason}>
              {isMessageKey(`reason.${reason}`) ? t(`reason.${reason}` as MessageKey) : reason} · {count}
            </li>
          ))}
        </ul>
      )}
      <p class={`card-facts ${sum === totals.received ? "" : "bad"}`}>
        {t(sum === totals.received ? "figures.adds" : "figures.addsNot", { sum, received: totals.received })}
      </p>
    </section>
  );
}
