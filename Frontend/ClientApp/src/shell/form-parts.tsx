import type { ComponentChildren } from "preact";

/** What went wrong, in words, said to a screen reader at once; nothing is there while nothing did. */
export function FormError({ text }: { text: string }) {
  return (
    <p class="form-error" role="alert">
      {text}
    </p>
  );
}

interface FormEndProps {
  /** What went wrong with the last try. */
  error: string;
  /** On the button. */
  label: string;
  disabled: boolean;
  testId?: string;
}

/** How a form ends: what went wrong, and the one button that sends it. */
export function FormEnd({ error, label, disabled, testId }: FormEndProps) {
  return (
    <>
      <FormError text={error} />
      <button type="submit" class="button primary wide" disabled={disabled} data-testid={testId}>
        {label}
      </button>
    </>
  );
}

interface RetryProps {
  /** What is not there. */
  text: string;
  label: string;
  onRetry: () => void;
}

/** In place of what could not be had: what it is, and a button to try again. */
export function Retry({ text, label, onRetry }: RetryProps) {
  return (
    <div role="alert">
      <Empty title={text}>
        <button type="button" class="button quiet" onClick={onRetry}>
          {label}
        </button>
      </Empty>
    </div>
  );
}

interface EmptyProps {
  title: string;
  text?: string;
  art?: ComponentChildren;
  children?: ComponentChildren;
}

/** A page or a part of one that has nothing to show, and what to do about it. */
export function Empty({ title, text, art, children }: EmptyProps) {
  return (
    <div class="empty">
      {art && (
        <div class="empty-art" aria-hidden="true">
          {art}
        </div>
      )}
      <h2>{title}</h2>
      {text && <p>{text}</p>}
      {children}
    </div>
  );
}
