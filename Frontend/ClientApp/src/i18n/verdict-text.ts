import type { Verdict } from "../wire/types";
import { isMessageKey, type MessageKey } from "./messages";

/**
 * Every reason a verdict may carry: those the wire contract lists, `conflict` (a key used again with other content),
 * and of the totals `refused` (held, and then turned down in review).
 */
export const reasons = [
  "not_live",
  "muted",
  "slow_mode",
  "followers_only",
  "blocked_word",
  "duplicate",
  "too_long",
  "empty",
  "invalid",
  "rate_limited",
  "try_again",
  "already_voted",
  "invalid_choice",
  "poll_closed",
  "draw_closed",
  "not_found",
  "conflict",
  "refused",
] as const;

export interface VerdictText {
  key: MessageKey;
  values: Record<string, string>;
  tone: "good" | "note" | "bad";
}

/** What the composer says about a verdict. A reason this page does not know is shown by its code, not hidden. */
export function textOf(verdict: Verdict): VerdictText {
  switch (verdict.status) {
    case "accepted":
      return { key: "verdict.accepted", values: {}, tone: "good" };
    case "merged":
      return { key: "verdict.merged", values: {}, tone: "note" };
    case "held":
      return { key: "verdict.held", values: {}, tone: "note" };
    default:
      return { ...reasonText(verdict.reason), tone: "bad" };
  }
}

function reasonText(reason: string | null | undefined): Omit<VerdictText, "tone"> {
  const key = `reason.${reason ?? ""}`;
  return isMessageKey(key) ? { key, values: {} } : { key: "verdict.unknown", values: { code: reason ?? "?" } };
}

/** The text for a problem's `code`, from the contract's table of codes or its list of reasons. */
export function errorKey(code: string): MessageKey {
  for (const key of [`error.${code}`, `reason.${code}`]) if (isMessageKey(key)) return key;
  return "error.unknown";
}
