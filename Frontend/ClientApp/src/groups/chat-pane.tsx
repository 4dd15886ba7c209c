import { useEffect, useRef, useState } from "preact/hooks";
import { text, useTexts } from "../i18n";
import { errorKey } from "../i18n/verdict-text";
import { Avatar } from "../shell/avatar";
import { Empty } from "../shell/form-parts";
import { BackIcon, PeopleIcon, SearchIcon, SpeakerIcon } from "../shell/icons";
import { useNow } from "../shell/now";
import { Link } from "../shell/router";
import { useStore } from "../shell/store";
import { toast } from "../shell/toast";
import { useWork } from "../shell/work";
import { groupApi } from "../wire/group-api";
import type { Group } from "../wire/group-types";
import { digestFrom, typingNow, type ChatView } from "./chat-view";
import { Composer, type Answering } from "./composer";
import { DigestBanner } from "./digest";
import { FindDialog } from "./find";
import type { GroupsSession } from "./groups-session";
import { MembersDialog } from "./members";
import { MessageList } from "./message-list";
import { ReceiptsDialog } from "./receipts";

type Panel = { kind: "members" } | { kind: "find" } | { kind: "receipts"; seq: number } | null;

interface ChatPaneProps {
  talk: GroupsSession;
  groupId: string;
}

/** One group: who is in it, what was said, and what one says. */
export function ChatPane({ talk, groupId }: ChatPaneProps) {
  const chat = useStore(talk.chat);
  const [panel, setPanel] = useState<Panel>(null);
  const [answering, setAnswering] = useState<Answering>(null);
  const [target, setTarget] = useState<{ seq: number } | null>(null);
  const view = chat.groupId === groupId ? chat : null;
  if (view?.problem) return <Closed talk={talk} groupId={groupId} problem={view.problem} />;
  const close = () => setPanel(null);
  const goTo = async (seq: number) => {
    close();
    if (await talk.around(seq)) setTarget({ seq });
    else toast(text("error.unknown"));
  };
  return (
    <section class="chat-pane" aria-labelledby="chat-title" data-testid="chat" data-ready={view?.group != null}>
      <ChatHead
        talk={talk}
        view={view}
        onFind={() => setPanel({ kind: "find" })}
        onMembers={() => setPanel({ kind: "members" })}
      />
      {view?.group?.announcement && (
        <p class="announcement" data-testid="announcement">
          <SpeakerIcon />
          <span>
            <b>{text("chat.announcement")}</b> {view.group.announcement.text}
          </span>
        </p>
      )}
      {view?.group && view.missed >= digestFrom && <DigestBanner view={view} onGoTo={(seq) => void goTo(seq)} />}
      <MessageList
        talk={talk}
        view={view}
        target={target}
        onAnswer={setAnswering}
        onGoTo={(seq) => void goTo(seq)}
        onReceipts={(seq) => setPanel({ kind: "receipts", seq })}
      />
      {view && <Composer talk={talk} view={view} answering={answering} onAnswering={setAnswering} />}
      {view?.group && panel?.kind === "members" && <MembersDialog talk={talk} view={view} onClose={close} />}
      {panel?.kind === "find" && <FindDialog groupId={groupId} onGoTo={(seq) => void goTo(seq)} onClose={close} />}
      {panel?.kind === "receipts" && <ReceiptsDialog groupId={groupId} seq={panel.seq} onClose={close} />}
    </section>
  );
}

interface ChatHeadProps {
  talk: GroupsSession;
  view: ChatView | null;
  onFind: () => void;
  onMembers: () => void;
}

function ChatHead({ talk, view, onFind, onMembers }: ChatHeadProps) {
  const t = useTexts();
  const link = useStore(talk.link);
  const heading = useRef<HTMLHeadingElement>(null);
  const group = view?.group ?? null;
  const name = group?.name ?? talk.list.value?.find((one) => one.groupId === view?.groupId)?.name ?? "";
  useEffect(() => heading.current?.focus({ preventScroll: true }), []);
  return (
    <header class="chat-pane-head">
      <Link to="/groups" class="icon-button chat-back" aria-label={t("groups.back")} data-testid="chat-back">
        <BackIcon />
      </Link>
      {group && <Avatar id={group.peerId ?? group.groupId} name={group.name} size="medium" />}
      <div class="chat-pane-words">
        <h2 id="chat-title" ref={heading} tabIndex={-1} data-testid="chat-name">
          {name || <span class="skeleton line" />}
        </h2>
        <p data-testid="chat-state" data-state={link}>
          {link === "live" || link === "connecting" ? <Below group={group} view={view} /> : t(`connection.${link}`)}
        </p>
      </div>
      <button type="button" class="icon-button" aria-label={t("chat.search")} onClick={onFind} data-testid="find-open">
        <SearchIcon />
      </button>
      <button
        type="button"
        class="icon-button"
        aria-label={t("chat.info")}
        onClick={onMembers}
        data-testid="members-open"
      >
        <PeopleIcon />
      </button>
    </header>
  );
}

function Below({ group, view }: { group: Group | null; view: ChatView | null }) {
  const t = useTexts();
  const now = useNow(localClock, (view?.typing.size ?? 0) > 0, 1_000);
  const typing = view ? typingNow(view, now) : [];
  if (typing.length > 0)
    return (
      <span class="typing" data-testid="typing">
        {typing.length === 1 ? t("chat.typingOne", { name: typing[0]! }) : t("chat.typingMany", { n: typing.length })}
      </span>
    );
  if (!group) return null;
  if (group.kind === "direct") return <>{t("groups.direct")}</>;
  return <>{group.members === 1 ? t("groups.membersOne") : t("groups.members", { n: group.members })}</>;
}

/** Typing is told by the page's own clock. */
const localClock = { now: () => Date.now() };

/** A group that this user is not in, or not any more; where that can be changed, by what. */
function Closed({ talk, groupId, problem }: { talk: GroupsSession; groupId: string; problem: string }) {
  const t = useTexts();
  const [group, setGroup] = useState<Group | null>(null);
  const [asked, setAsked] = useState(false);
  const { busy, error, run } = useWork();
  useEffect(() => {
    let gone = false;
    groupApi.get(groupId).then(
      (found) => !gone && setGroup(found),
      () => undefined,
    );
    return () => {
      gone = true;
    };
  }, [groupId]);
  const join = () =>
    run(async () => {
      const joined = await groupApi.join(groupId, talk.userId!);
      if (joined.status === "requested") setAsked(true);
      else talk.retry();
    });
  const known = ["forbidden", "removed", "left", "not_found"] as const;
  const key = known.find((one) => one === problem);
  const canJoin = group !== null && group.kind === "group" && group.joinPolicy !== "invite" && problem !== "removed";
  return (
    <section class="chat-pane nothing" data-testid="chat-closed">
      <Link to="/groups" class="icon-button chat-back" aria-label={t("groups.back")}>
        <BackIcon />
      </Link>
      <Empty title={group?.name ?? t("groups.title")} text={key ? t(`chat.${key}`) : t(errorKey(problem))}>
        {asked ? (
          <p role="status">{t("chat.asked")}</p>
        ) : canJoin ? (
          <button
            type="button"
            class="button primary"
            disabled={busy}
            onClick={() => void join()}
            data-testid="chat-join"
          >
            {t(group.joinPolicy === "approval" ? "chat.ask" : "chat.join")}
          </button>
        ) : (
          !key && (
            <button type="button" class="button quiet" onClick={() => talk.retry()}>
              {t("app.retry")}
            </button>
          )
        )}
        <p class="form-error" role="alert">
          {error}
        </p>
      </Empty>
    </section>
  );
}
