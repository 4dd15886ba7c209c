import { useId } from "preact/hooks";
import { text, useTexts } from "../i18n";

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
  return seconds % 60 === 0 && seconds > 0
    ? text("span.minutes", { n: seconds / 60 })
    : text("span.seconds", { n: seconds });
}

/** How long something lasts. */
export function SecondsField({ label, value, onChange, choices = usualTimes, testId }: SecondsFieldProps) {
  useTexts();
  const id = useId();
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <select
        id={id}
        class="input"
        value={value}
        onChange={(event) => onChange(Number(event.currentTarget.value))}
        data-testid={testId}
      >
        {[...new Set([...choices, value])]
          .sort((a, b) => a - b)
          .map((seconds) => (
            <option key={seconds} value={seconds}>
              {spanText(seconds)}
            </option>
          ))}
      </select>
    </div>
  );
}
