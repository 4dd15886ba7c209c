import { text, useTexts } from "../i18n";
import { SelectField, withCurrent } from "./select-field";

/** Times that are offered, in seconds. */
const usualTimes = [30, 60, 120, 300, 600, 1_800];

interface SecondsFieldProps {
  label: string;
  value: number;
  onChange: (seconds: number) => void;
  choices?: readonly number[];
  testId: string;
}

export function spanText(seconds: number): string {
  if (seconds % 3_600 === 0 && seconds > 0) return text("span.hours", { n: seconds / 3_600 });
  return seconds % 60 === 0 && seconds > 0
    ? text("span.minutes", { n: seconds / 60 })
    : text("span.seconds", { n: seconds });
}

/** How long something lasts. */
export function SecondsField({ label, value, onChange, choices = usualTimes, testId }: SecondsFieldProps) {
  useTexts();
  const named = withCurrent(choices, value).map((seconds) => ({ value: seconds, name: spanText(seconds) }));
  return <SelectField label={label} value={value} choices={named} onChange={onChange} testId={testId} />;
}
