import { useId } from "preact/hooks";
import { useTexts } from "../i18n";
import { lengthOf } from "../room/text";

interface FieldProps {
  label: string;
  value: string;
  onChange: (value: string) => void;
  type?: "text" | "password" | "datetime-local";
  /** The keyboard that a phone shows. */
  inputMode?: "decimal" | "numeric";
  /** What was filled in cannot be sent. */
  wrong?: boolean;
  placeholder?: string;
  autocomplete?: string;
  hint?: string;
  /** The most characters the server takes; shows a counter. */
  max?: number;
  rows?: number;
  /** The field a dialog puts the focus on. */
  first?: boolean;
  /** Selects a suggested text on focus, so that typing replaces it. */
  select?: boolean;
  testId?: string;
}

export function Field(props: FieldProps) {
  const t = useTexts();
  const id = useId();
  const length = lengthOf(props.value);
  const shared = {
    id,
    class: "input",
    value: props.value,
    placeholder: props.placeholder ?? "",
    "aria-describedby": `${id}-note`,
    "aria-invalid": props.wrong === true || (props.max !== undefined && length > props.max),
    ...(props.inputMode ? { inputMode: props.inputMode } : {}),
    "data-first": props.first ? "" : undefined,
    "data-testid": props.testId,
    onInput: (event: Event) => props.onChange((event.currentTarget as HTMLInputElement).value),
    onFocus: (event: Event) => props.select && (event.currentTarget as HTMLInputElement).select(),
  };
  return (
    <div class="field">
      <label for={id}>{props.label}</label>
      {props.rows ? (
        <textarea {...shared} rows={props.rows} />
      ) : props.type === "password" ? (
        <input {...shared} type="password" autocomplete={props.autocomplete ?? "off"} />
      ) : props.type === "datetime-local" ? (
        <input {...shared} type="datetime-local" step="1" />
      ) : (
        <input {...shared} type="text" autocomplete={props.autocomplete ?? "off"} />
      )}
      <p class="field-note" id={`${id}-note`}>
        <span>{props.hint}</span>
        {props.max !== undefined && (
          <span>
            <span aria-hidden="true">
              {length}/{props.max}
            </span>
            <span class="unseen">{t("composer.count", { n: length, max: props.max })}</span>
          </span>
        )}
      </p>
    </div>
  );
}
