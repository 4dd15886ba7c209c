import { language, text } from "../i18n";
import { useStore } from "../shell/store";
import type { Money } from "../wire/deal-types";
import { moneyParts, moneyText, percentOff } from "./money";

/** A sum in the current language. */
export function priceText(money: Money): string {
  return moneyText(language.value, money);
}

/** The price, with what it costs otherwise struck out. */
export function Price({ price, listPrice }: { price: Money; listPrice?: Money | null | undefined }) {
  const current = useStore(language);
  const { sign, whole, fraction } = moneyParts(current, price);
  const off = percentOff(price, listPrice);
  return (
    <p class="price">
      <span class="unseen">{text("deal.price", { price: priceText(price) })}</span>
      <span class="price-now" aria-hidden="true" data-testid="price">
        <small>{sign}</small>
        {whole}
        <small>{fraction}</small>
      </span>
      {listPrice && (
        <>
          <span class="unseen">{text("deal.listPrice", { price: priceText(listPrice) })}</span>
          <s class="price-before" aria-hidden="true">
            {priceText(listPrice)}
          </s>
        </>
      )}
      {off > 0 && <span class="price-off">{text("deal.save", { percent: off })}</span>}
    </p>
  );
}
