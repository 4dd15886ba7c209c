import type { ComponentType } from "preact";
import { useEffect, useState } from "preact/hooks";
import { useTexts } from "../i18n";

/**
 * A page whose code is fetched when somebody goes there, so that the first load does not carry it. A fetch that fails
 * can be tried again.
 */
export function lazy<P extends object>(load: () => Promise<ComponentType<P>>, waitingClass: string): ComponentType<P> {
  return function Lazy(props: P) {
    const t = useTexts();
    const [page, setPage] = useState<{ Page: ComponentType<P> } | null>(null);
    const [failed, setFailed] = useState(false);
    const start = () => {
      setFailed(false);
      load().then(
        (Page) => setPage({ Page }),
        () => setFailed(true),
      );
    };
    useEffect(start, []);
    if (page) return <page.Page {...props} />;
    return (
      <main id="main" class={waitingClass} aria-busy={!failed}>
        {failed && (
          <button type="button" class="button primary" onClick={start}>
            {t("app.retry")}
          </button>
        )}
      </main>
    );
  };
}
