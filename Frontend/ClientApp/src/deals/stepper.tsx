import { useId } from "preact/hooks";
import { useTexts } from "../i18n";
import { LessIcon, PlusIcon } from "../shell/icons";

interface StepperProps {
  label: string;
  value: number;
  most: number;
  onChange: (value: number) => void;
}

/** A small number, from 1 to the most there may be, by two buttons; the number is read out when it changes. */
export function Stepper({ label, value, most, onChange }: StepperProps) {
  const t = useTexts();
  const id = useId();
  return (
    <div class="stepper" role="group" aria-labelledby={id}>
      <span id={id}>{label}</span>
      <button
        type="button"
        class="icon-button"
        aria-label={t("buy.fewer")}
        disabled={value <= 1}
        onClick={() => onChange(value - 1)}
        data-testid="fewer"
      >
        <LessIcon />
      </button>
      <output data-testid="quantity" aria-live="polite">
        {value}
      </output>
      <button
        type="button"
        class="icon-button"
        aria-label={t("buy.more")}
        disabled={value >= most}
        onClick={() => onChange(value + 1)}
        data-testid="more"
      >
        <PlusIcon />
      </button>
    </div>
  );
}
