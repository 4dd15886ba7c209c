import { useEffect, useState } from "preact/hooks";
import { countText, useTexts } from "../i18n";
import { dealApi } from "../wire/deal-api";
import type { HostSales } from "../wire/deal-types";
import { priceText } from "./price";

/** What one has sold as a host; nothing for who never has. */
export function MySales() {
  const t = useTexts();
  const [sales, setSales] = useState<HostSales | null>(null);
  useEffect(() => {
    dealApi.mySales().then(setSales, () => undefined);
  }, []);
  if (!sales || (sales.orders === 0 && sales.sales.length === 0)) return null;
  const sum = sales.sales.map(priceText).join(" + ") || "–";
  return (
    <dl class="fan-numbers" aria-label={t("host.mySales")} data-testid="my-sales">
      <div>
        <dt>{t("host.orders")}</dt>
        <dd>{countText(sales.orders)}</dd>
      </div>
      <div>
        <dt>{t("host.sales")}</dt>
        <dd data-testid="my-sales-sum">{sum}</dd>
      </div>
      <div>
        <dt>{t("host.salesRooms")}</dt>
        <dd>{countText(sales.rooms)}</dd>
      </div>
    </dl>
  );
}
