import { useMemo, useState } from "preact/hooks";
import { useTexts } from "../i18n";
import { lengthOf, maxPollOptionLength, maxPollQuestionLength, newKey } from "../room/text";
import { FormEnd } from "../shell/form-parts";
import { Switch } from "../shell/choice";
import { CloseIcon } from "../shell/icons";
import { Field } from "../shell/field";
import { SecondsField } from "../shell/seconds-field";
import { useWork } from "../shell/work";
import type { NewPoll } from "../wire/host-types";

const fewestOptions = 2;
const mostOptions = 10;

interface PollFormProps {
  /** Opens it, where it belongs. */
  open: (poll: NewPoll) => Promise<unknown>;
  onDone: () => void;
  /** Times that are offered, the first one set. */
  times?: readonly number[];
}

export function PollForm({ open, onDone, times }: PollFormProps) {
  const t = useTexts();
  const [question, setQuestion] = useState("");
  const [options, setOptions] = useState<readonly string[]>(["", ""]);
  const [multiple, setMultiple] = useState(false);
  const [anonymous, setAnonymous] = useState(true);
  const [seconds, setSeconds] = useState(times?.[0] ?? 60);
  const { busy, error, run } = useWork();
  const filled = options.map((option) => option.trim()).filter((option) => option !== "");
  const content = JSON.stringify([question.trim(), filled, multiple, anonymous, seconds]);
  // The same content goes again under the same key, so that a lost answer does not open it twice.
  const key = useMemo(newKey, [content]);
  const fits =
    lengthOf(question) > 0 &&
    lengthOf(question) <= maxPollQuestionLength &&
    filled.length >= fewestOptions &&
    filled.every((option) => lengthOf(option) <= maxPollOptionLength);
  const submit = async (event: Event) => {
    event.preventDefault();
    const poll = { question: question.trim(), options: filled, multiple, anonymous, seconds, key };
    if (fits && !busy && (await run(() => open(poll)))) onDone();
  };
  const change = (index: number, value: string) =>
    setOptions(options.map((option, at) => (at === index ? value : option)));
  return (
    <form class="form sub-form" onSubmit={submit} aria-label={t("console.newPoll")}>
      <Field
        label={t("poll.question")}
        value={question}
        onChange={setQuestion}
        max={maxPollQuestionLength}
        testId="poll-question"
      />
      <fieldset class="option-inputs">
        <legend>{t("poll.options")}</legend>
        {options.map((option, index) => (
          <div class="option-input" key={index}>
            <input
              class="input"
              value={option}
              aria-label={t("poll.option", { n: index + 1 })}
              aria-invalid={lengthOf(option) > maxPollOptionLength}
              autocomplete="off"
              onInput={(event) => change(index, event.currentTarget.value)}
              data-testid="poll-option-input"
            />
            {options.length > fewestOptions && (
              <button
                type="button"
                class="icon-button"
                aria-label={t("poll.removeOption", { n: index + 1 })}
                onClick={() => setOptions(options.filter((_, at) => at !== index))}
              >
                <CloseIcon />
              </button>
            )}
          </div>
        ))}
        {options.length < mostOptions && (
          <button
            type="button"
            class="link-button"
            onClick={() => setOptions([...options, ""])}
            data-testid="add-option"
          >
            {t("poll.addOption")}
          </button>
        )}
      </fieldset>
      <Switch label="poll.multiple" value={multiple} onChange={setMultiple} testId="poll-multiple" />
      <Switch label="poll.anonymous" value={anonymous} onChange={setAnonymous} testId="poll-anonymous" />
      <SecondsField
        label={t("console.lasts")}
        value={seconds}
        onChange={setSeconds}
        testId="poll-seconds"
        {...(times ? { choices: times } : {})}
      />
      <FormEnd error={error} label={t("console.open")} disabled={!fits || busy} testId="poll-open" />
    </form>
  );
}
