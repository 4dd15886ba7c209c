import { useId } from "preact/hooks";

interface SelectFieldProps<T extends string | number> {
  label: string;
  value: T;
  choices: readonly { value: T; name: string }[];
  onChange: (value: T) => void;
  testId: string;
}

/** One of a few things. */
export function SelectField<T extends string | number>(props: SelectFieldProps<T>) {
  const { label, value, choices, onChange, testId } = props;
  const id = useId();
  const chosen = (text: string) => {
    const choice = choices.find((other) => String(other.value) === text);
    if (choice) onChange(choice.value);
  };
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <select
        id={id}
        class="input"
        value={value}
        onChange={(event) => chosen(event.currentTarget.value)}
        data-testid={testId}
      >
        {choices.map((choice) => (
          <option key={choice.value} value={choice.value}>
            {choice.name}
          </option>
        ))}
      </select>
    </div>
  );
}

/** The usual numbers with the one that is set among them, in order. */
export function withCurrent(usual: readonly number[], current: number): readonly number[] {
  return [...new Set([...usual, current])].sort((a, b) => a - b);
}
