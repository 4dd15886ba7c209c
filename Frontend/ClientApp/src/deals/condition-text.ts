import { text } from "../i18n";
import { clockText } from "../shell/now";
import type { DrawCondition } from "../wire/types";

/** Who may buy, in words. */
export function conditionText({ kind, value }: DrawCondition): string {
  if (kind === "watched") return text("deal.condition.watched", { time: clockText(Number(value ?? 0)) });
  if (kind === "password") return text("deal.condition.password", { phrase: String(value ?? "") });
  return text(`deal.condition.${kind}`);
}
