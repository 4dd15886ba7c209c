import { useEffect, useState } from "preact/hooks";
import { useTexts } from "../i18n";
import type { MessageKey } from "../i18n/messages";
import { isMessageKey } from "../i18n/messages";
import { FormError } from "../shell/form-parts";
import { useWork } from "../shell/work";
import type { RoomStats, VerdictTotals } from "../wire/host-types";
import { hostApi } from "../wire/room-api";
import { Chart } from "./chart";
import { seriesSeconds, type RoomSeries } from "./series";

const everyMs = 1_000;
const statsEvery = 2;
const charted = ["viewers", "danmaku", "likes"] as const;

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
      {charted.map((kind) => (
        <Chart
          key={kind}
          name={kind}
          seconds={seriesSeconds}
          lines={[{ title: `figures.${kind}`, values: series[kind], kind }]}
        />
      ))}
      <FormError text={error} />
      {stats && <Totals totals={stats.verdicts} />}
    </div>
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
