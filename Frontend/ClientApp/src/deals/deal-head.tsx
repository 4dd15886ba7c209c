import { language, useTexts } from "../i18n";
import { BoltIcon } from "../shell/icons";
import type { Deal } from "../wire/deal-types";
import { Countdown } from "./countdown";
import type { DealCardState } from "./deals";
import { Price } from "./price";

/** What is sold, and for how much. */
export function DealHead({ deal }: { deal: Deal }) {
  return (
    <div class="deal-head">
      <span class="deal-art" aria-hidden="true">
        <BoltIcon />
      </span>
      <div class="deal-words">
        <h3 class="card-question">{deal.title}</h3>
        <Price price={deal.price} listPrice={deal.listPrice} />
      </div>
    </div>
  );
}

/** So far ahead the hour says more than the countdown. */
const farSeconds = 3_600;

/** The phase, and the countdown that belongs to it. */
export function DealTime({ deal, state }: { deal: Deal; state: DealCardState }) {
  const t = useTexts();
  const far = state.phase === "scheduled" && (state.secondsLeft ?? 0) > farSeconds;
  return (
    <p class={`deal-time ${state.phase}`}>
      <span class="deal-phase">
        {far ? t("deal.startsAt", { time: hourText(deal.startsAt ?? 0) }) : t(`deal.phase.${state.phase}`)}
      </span>
      {state.secondsLeft !== null && (
        <Countdown
          label={t(state.phase === "scheduled" ? "deal.startsIn" : "deal.endsIn")}
          seconds={state.secondsLeft}
        />
      )}
    </p>
  );
}

function hourText(at: number): string {
  const parts = { month: "numeric", day: "numeric", hour: "2-digit", minute: "2-digit", hour12: false } as const;
  return new Date(at).toLocaleString(language.value === "zh" ? "zh-CN" : "en", parts);
}
