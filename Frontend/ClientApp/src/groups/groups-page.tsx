import { useEffect, useState } from "preact/hooks";
import { useTexts } from "../i18n";
import { Empty } from "../shell/form-parts";
import { BubbleIcon } from "../shell/icons";
import { usePage } from "../shell/page";
import { useRefresh } from "../shell/refresh";
import { navigate } from "../shell/router";
import { requireSession } from "../shell/sign-in";
import { useStore } from "../shell/store";
import { session } from "../wire/session";
import { ChatPane } from "./chat-pane";
import { GroupList } from "./group-list-view";
import { GroupsSession } from "./groups-session";
import { unreadOf } from "./group-list";
import { NewGroupDialog } from "./new-group";

/** The hub tells of groups that are open, and of others once: their counts are asked for while somebody looks. */
const refreshMs = 10_000;

/** Groups and conversations: the list, and beside it, or on a phone in its place, the one that is looked at. */
export function GroupsPage({ groupId }: { groupId: string | null }) {
  const userId = useStore(session)?.userId;
  return userId === undefined ? <SignedOut /> : <Messenger key={userId} groupId={groupId} />;
}

function SignedOut() {
  const t = useTexts();
  const heading = usePage(t("groups.title"));
  return (
    <main id="main" class="orders-page">
      <h1 ref={heading} tabIndex={-1}>
        {t("groups.title")}
      </h1>
      <Empty title={t("groups.signIn")} art={<BubbleIcon />}>
        <button type="button" class="button primary" onClick={() => void requireSession()}>
          {t("auth.open")}
        </button>
      </Empty>
    </main>
  );
}

function Messenger({ groupId }: { groupId: string | null }) {
  const t = useTexts();
  const [talk] = useState(() => new GroupsSession());
  const [making, setMaking] = useState(false);
  useRefresh(refreshMs, () => talk.link.value === "live" && void talk.refresh());
  const list = useStore(talk.list);
  useEffect(() => () => talk.leave(), [talk]);
  useEffect(() => talk.select(groupId), [talk, groupId]);
  const unread = unreadOf(list ?? []);
  const heading = usePage(unread > 0 ? `(${unread}) ${t("groups.title")}` : t("groups.title"));
  const made = (id: string) => {
    setMaking(false);
    void talk.refresh();
    navigate(`/groups/${id}`);
  };
  return (
    <main id="main" class={`groups${groupId ? " chatting" : ""}`}>
      <h1 class="unseen" ref={heading} tabIndex={-1}>
        {t("groups.title")}
      </h1>
      <GroupList talk={talk} groupId={groupId} onNew={() => setMaking(true)} />
      {groupId ? (
        <ChatPane key={groupId} talk={talk} groupId={groupId} />
      ) : (
        <section class="chat-pane nothing">
          <Empty title={t("groups.pick")} text={t("groups.pickText")} art={<BubbleIcon />} />
        </section>
      )}
      {making && <NewGroupDialog talk={talk} onMade={made} onClose={() => setMaking(false)} />}
    </main>
  );
}
