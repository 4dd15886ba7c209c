import { useTexts } from "../i18n";
import { lengthOf, maxDanmakuLength } from "../room/text";
import { Field } from "../shell/field";
import { SecondsField } from "../shell/seconds-field";
import { SelectField } from "../shell/select-field";
import type { DrawCondition, DrawConditionKind } from "../wire/types";

const kinds: readonly DrawConditionKind[] = ["none", "password", "voted", "followed", "watched"];
const watchTimes = [30, 60, 180, 300, 600, 1_800];

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

interface ConditionFieldProps {
  label: string;
  draft: ConditionDraft;
  onChange: (draft: ConditionDraft) => void;
  /** Begins the test ids. */
  name: string;
}

/** Who may take part: in a draw, or in a deal. */
export function ConditionField({ label, draft, onChange, name }: ConditionFieldProps) {
  const t = useTexts();
  return (
    <>
      <SelectField
        label={label}
        value={draft.kind}
        choices={kinds.map((kind) => ({ value: kind, name: t(`draw.kind.${kind}`) }))}
        onChange={(kind) => onChange({ ...draft, kind })}
        testId={`${name}-condition`}
      />
      {draft.kind === "password" && (
        <Field
          label={t("draw.phrase")}
          value={draft.phrase}
          onChange={(phrase) => onChange({ ...draft, phrase })}
          max={maxDanmakuLength}
          testId={`${name}-phrase`}
        />
      )}
      {draft.kind === "watched" && (
        <SecondsField
          label={t("draw.watchTime")}
          value={draft.watched}
          onChange={(watched) => onChange({ ...draft, watched })}
          choices={watchTimes}
          testId={`${name}-watched`}
        />
      )}
    </>
  );
}
