import { useEffect, useRef } from "preact/hooks";
import { text } from "../i18n";

let firstPage = true;

/**
 * Titles the window and, after a change of page, moves the focus to the page's heading so that a screen reader says
 * where one is.
 */
export function usePage(title: string) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (!firstPage) heading.current?.focus({ preventScroll: true });
    firstPage = false;
  }, []);
  useEffect(() => {
    document.title = title ? `${title} · ${text("app.name")}` : text("app.name");
  }, [title]);
  return heading;
}
