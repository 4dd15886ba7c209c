import { useId } from "preact/hooks";
import { useTexts } from "../i18n";
import type { MessageKey } from "../i18n/messages";

interface SwitchProps {
  label: MessageKey;
  value: boolean;
  onChange: (value: boolean) => void;
  testId: string;
}

/** On or off. */
export function Switch({ label, value, onChange, testId }: SwitchProps) {
  const t = useTexts();
  return (
    <label class="switch">
      <span>{t(label)}</span>
      <input
        type="checkbox"
        role="switch"
        checked={value}
        onChange={(event) => onChange(event.currentTarget.checked)}
        data-testid={testId}
      />
    </label>
  );
}

interface ChoiceProps<T extends string> {
  label: MessageKey;
  choices: readonly { value: T; name: MessageKey }[];
  current: T | null;
  onChange: (value: T) => void;
}

/** One of two to four, all in sight. */
export function Choice<T extends string>({ label, choices, current, onChange }: ChoiceProps<T>) {
  const t = useTexts();
  const name = useId();
  return (
    <fieldset class="segment-field">
      <legend>{t(label)}</legend>
      <div class="segments">
        {choices.map((choice) => (
          <label class="segment-choice" key={choice.value}>
            <input
              type="radio"
              name={name}
              checked={choice.value === current}
              onChange={() => onChange(choice.value)}
              data-testid={`choice-${choice.value}`}
            />
            <span class="segment">{t(choice.name)}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
