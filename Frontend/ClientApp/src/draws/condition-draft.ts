import { lengthOf, maxDanmakuLength } from "../room/text";
import type { DrawCondition, DrawConditionKind } from "../wire/types";

/** A condition as a form holds it: every kind keeps its value while another one is looked at. */
export interface ConditionDraft {
  kind: DrawConditionKind;
  phrase: string;
  watched: number;
}

export const noCondition: ConditionDraft = { kind: "none", phrase: "", watched: 60 };

export function conditionOf({ kind, phrase, watched }: ConditionDraft): DrawCondition {
  if (kind === "password") return { kind, value: phrase.trim() };
  return kind === "watched" ? { kind, value: watched } : { kind };
}

export function conditionFits({ kind, phrase }: ConditionDraft): boolean {
  return kind !== "password" || (lengthOf(phrase) > 0 && lengthOf(phrase) <= maxDanmakuLength);
}
