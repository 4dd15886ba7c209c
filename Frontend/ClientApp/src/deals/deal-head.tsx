import { useTexts } from "../i18n";
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

/** The phase, and the countdown that belongs to it. */
export function DealTime({ state }: { state: DealCardState }) {
  const t = useTexts();
  return (
    <p class={`deal-time ${state.phase}`}>
      <span class="deal-phase">{t(`deal.phase.${state.phase}`)}</span>
      {state.secondsLeft !== null && (
        <Countdown
          label={t(state.phase === "scheduled" ? "deal.startsIn" : "deal.endsIn")}
          seconds={state.secondsLeft}
        />
      )}
    </p>
  );
}
