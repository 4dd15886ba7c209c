import type { MessageKey } from "../i18n/messages";
import type { BuyAnswer, Deal } from "../wire/deal-types";

export interface BuyText {
  key: MessageKey;
  values: Record<string, string | number>;
  tone: "good" | "note" | "bad";
}

/** What the server's answer to a press means, in words: never better and never worse than it is. */
export function buyText(answer: BuyAnswer, deal: Pick<Deal, "perBuyer" | "condition">): BuyText {
  const said = (key: MessageKey, tone: BuyText["tone"], values: BuyText["values"] = {}) => ({ key, values, tone });
  switch (answer.status) {
    case "accepted":
      return acceptedText(answer);
    case "waiting":
      return said("buy.waiting", "note", { n: answer.position ?? "?" });
    case "limit_reached":
      return said("buy.limit_reached", "bad", { n: deal.perBuyer });
    case "not_eligible":
      return said(`buy.unmet.${deal.condition.kind}`, "bad");
    case "not_started":
    case "rate_limited":
      return said(`buy.${answer.status}`, "note");
    default:
      return said(`buy.${answer.status}`, "bad");
  }
}

/** An old key's order may be anything by now. */
function acceptedText({ order }: BuyAnswer): BuyText {
  const good = order == null || order === "reserved" || order === "paying" || order === "paid";
  const key = order == null || order === "reserved" ? "buy.accepted" : (`order.status.${order}` as const);
  return { key, values: {}, tone: good ? "good" : "note" };
}
