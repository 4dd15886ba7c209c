import type { ComponentChildren } from "preact";
import { useId, useLayoutEffect, useRef } from "preact/hooks";
import { useTexts } from "../i18n";
import { CloseIcon } from "./icons";

interface DialogProps {
  title: string;
  text?: string;
  onClose: () => void;
  children: ComponentChildren;
}

/** A modal dialog: the browser keeps the focus inside, closes it on Escape and gives the focus back. */
export function Dialog({ title, text, onClose, children }: DialogProps) {
  const t = useTexts();
  const element = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  // Before the next key can come: it belongs to the dialog already.
  useLayoutEffect(() => {
    const dialog = element.current!;
    dialog.showModal();
    dialog.querySelector<HTMLElement>("[data-first]")?.focus();
    return () => dialog.close();
  }, []);
  const outside = (event: MouseEvent) => event.target === element.current && onClose();
  const cancelled = (event: Event) => {
    event.preventDefault();
    onClose();
  };
  // What it stands in may close on Escape as well: the key is for the dialog alone.
  const keys = (event: KeyboardEvent) => event.key === "Escape" && event.stopPropagation();
  return (
    <dialog
      ref={element}
      class="dialog"
      aria-labelledby={titleId}
      onCancel={cancelled}
      onMouseDown={outside}
      onKeyDown={keys}
    >
      <div class="dialog-body">
        <header class="dialog-head">
          <h2 id={titleId}>{title}</h2>
          <button type="button" class="icon-button" aria-label={t("app.close")} onClick={onClose}>
            <CloseIcon />
          </button>
        </header>
        {text && <p class="dialog-text">{text}</p>}
        {children}
      </div>
    </dialog>
  );
}
