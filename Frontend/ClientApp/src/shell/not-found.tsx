import { useTexts } from "../i18n";
import { usePage } from "./page";
import { Link } from "./router";

export function NotFound() {
  const t = useTexts();
  const heading = usePage(t("app.notFound"));
  return (
    <main id="main" class="lobby">
      <div class="empty">
        <h1 ref={heading} tabIndex={-1}>
          {t("app.notFound")}
        </h1>
        <p>{t("app.notFoundText")}</p>
        <Link to="/" class="button primary">
          {t("app.back")}
        </Link>
      </div>
    </main>
  );
}
