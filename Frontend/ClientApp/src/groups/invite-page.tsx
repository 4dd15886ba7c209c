import { useState } from "preact/hooks";
import { useTexts } from "../i18n";
import { errorKey } from "../i18n/verdict-text";
import { Empty } from "../shell/form-parts";
import { PeopleIcon } from "../shell/icons";
import { usePage } from "../shell/page";
import { navigate } from "../shell/router";
import { requireSession } from "../shell/sign-in";
import { groupApi } from "../wire/group-api";
import { codeOf } from "../wire/problem";

/** Where an invite link leads: one press makes a member. */
export function InvitePage({ code }: { code: string }) {
  const t = useTexts();
  const heading = usePage(t("invite.join"));
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const join = async () => {
    if (!(await requireSession())) return;
    setBusy(true);
    try {
      const joined = await groupApi.useInvite(code);
      if (joined.group) navigate(`/groups/${joined.group.groupId}`);
    } catch (error) {
      setProblem(codeOf(error));
    } finally {
      setBusy(false);
    }
  };
  const why =
    problem === "not_found"
      ? t("invite.bad")
      : problem === "conflict"
        ? t("invite.full")
        : problem && t(errorKey(problem));
  return (
    <main id="main" class="orders-page">
      <h1 ref={heading} tabIndex={-1}>
        {t("invite.join")}
      </h1>
      <Empty title={why || t("invite.joinText")} art={<PeopleIcon />}>
        <button
          type="button"
          class="button primary"
          disabled={busy}
          onClick={() => void join()}
          data-testid="invite-join"
        >
          {problem ? t("app.retry") : t("invite.join")}
        </button>
      </Empty>
    </main>
  );
}
