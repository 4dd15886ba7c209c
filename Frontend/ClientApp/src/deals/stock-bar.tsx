import { countText, useTexts } from "../i18n";
import type { Deal } from "../wire/deal-types";
import type { DealCardState } from "./deals";

interface StockBarProps {
  deal: Deal;
  state: Pick<DealCardState, "phase" | "soldShare" | "reservedShare">;
}

/** Where the stock is: paid, reserved, left. The parts are said in words below and to who does not see the bar. */
export function StockBar({ deal, state }: StockBarProps) {
  const t = useTexts();
  const { stock, sold, reserved, left, waiting } = deal;
  const percent = (share: number) => `${(Math.min(1, share) * 100).toFixed(2)}%`;
  const low = deal.lowStock && state.phase === "open";
  return (
    <div class="stock" data-testid="stock" data-left={left} data-sold={sold} data-reserved={reserved}>
      <div class="stock-bar" role="img" aria-label={t("deal.stock", { stock, sold, reserved, left })}>
        <span class="stock-sold" style={{ width: percent(state.soldShare) }} />
        <span class="stock-reserved" style={{ width: percent(state.reservedShare) }} />
      </div>
      <p class="stock-words" aria-hidden="true">
        <span class="stock-key sold">{t("deal.sold", { n: countText(sold) })}</span>
        <span class="stock-key reserved">{t("deal.reserved", { n: countText(reserved) })}</span>
        {waiting > 0 && <span class="stock-key">{t("deal.waiting", { n: countText(waiting) })}</span>}
        <span class={`stock-left${low ? " low" : ""}`} data-testid={low ? "low-stock" : "left"}>
          {t(low ? "deal.low" : "deal.left", { n: countText(left) })}
        </span>
      </p>
    </div>
  );
}
