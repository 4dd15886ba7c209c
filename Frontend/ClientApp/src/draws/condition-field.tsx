import { useTexts } from "../i18n";
import { maxDanmakuLength } from "../room/text";
import { Field } from "../shell/field";
import { SecondsField } from "../shell/seconds-field";
import { SelectField } from "../shell/select-field";
import type { DrawConditionKind } from "../wire/types";
import type { ConditionDraft } from "./condition-draft";

const kinds: readonly DrawConditionKind[] = ["none", "password", "voted", "followed", "watched"];
const watchTimes = [30, 60, 180, 300, 600, 1_800];

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
