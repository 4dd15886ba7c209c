import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { countText, text, useTexts } from "../i18n";
import { errorKey } from "../i18n/verdict-text";
import { ChevronIcon, MuteIcon } from "../shell/icons";
import { hueOf } from "../shell/seed";
import { toast } from "../shell/toast";
import { api } from "../wire/api";
import { codeOf } from "../wire/problem";
import type { LogItem } from "./danmaku-log";
import type { RoomView } from "./room-session";
import { summaryOf } from "./summary";

interface ChatProps {
  view: RoomView;
  userId: string | undefined;
  wide: boolean;
}

/** This close to the end, in pixels, the list follows what comes. */
const followingWithin = 48;

/** The recent list: a panel beside the stage, or on a phone a veil over it that opens to a sheet. */
export function Chat({ view, userId, wide }: ChatProps) {
  const t = useTexts();
  const [expanded, setExpanded] = useState(false);
  const { list, behind, follow, scrolled } = useFollowing(view.items);
  const hosting = view.room !== null && view.room.hostId === userId;
  const open = wide || expanded;
  const keys = (event: KeyboardEvent) => event.key === "Escape" && setExpanded(false);
  return (
    <section class={`chat${expanded ? " expanded" : ""}`} aria-labelledby="chat-title" onKeyDown={keys}>
      <header class="chat-head">
        <h2 id="chat-title">{t("room.recent")}</h2>
        <span class="chat-count">{countText(view.counters.danmaku)}</span>
        {!wide && (
          <button
            type="button"
            class="icon-button"
            aria-expanded={expanded}
            onClick={() => setExpanded(!expanded)}
            aria-label={t(expanded ? "room.collapse" : "room.expand")}
            data-testid="chat-toggle"
          >
            <ChevronIcon />
          </button>
        )}
      </header>
      {view.shed > 0 && <p class="chat-shed">{t("room.shed", { n: countText(view.shed) })}</p>}
      <ol class="chat-list" ref={list} onScroll={scrolled} tabIndex={open ? 0 : -1} aria-labelledby="chat-title">
        {view.items.length === 0 && <li class="chat-empty">{t("room.recentEmpty")}</li>}
        {view.items.map((item) => (
          <Line
            key={item.seq}
            item={item}
            roomId={view.room?.roomId ?? ""}
            host={item.userId === view.room?.hostId}
            moderates={hosting && item.userId !== userId}
            muted={view.muted.has(item.userId)}
          />
        ))}
      </ol>
      {behind && open && (
        <button type="button" class="chat-behind" onClick={follow}>
          {t("room.newBelow")}
        </button>
      )}
      <Announcer items={view.items} />
    </section>
  );
}

function useFollowing(items: readonly LogItem[]) {
  const list = useRef<HTMLOListElement>(null);
  const following = useRef(true);
  const [behind, setBehind] = useState(false);
  const last = items[items.length - 1]?.seq;
  useLayoutEffect(() => {
    const element = list.current;
    if (element && following.current) element.scrollTop = element.scrollHeight;
    else if (element) setBehind(true);
  }, [last, items.length]);
  useEffect(() => {
    // The list changes height when a phone's keyboard opens or the sheet does: stay with the newest line.
    const element = list.current!;
    const resizing = new ResizeObserver(() => following.current && (element.scrollTop = element.scrollHeight));
    resizing.observe(element);
    return () => resizing.disconnect();
  }, []);
  const scrolled = () => {
    const element = list.current!;
    following.current = element.scrollHeight - element.scrollTop - element.clientHeight < followingWithin;
    if (following.current) setBehind(false);
  };
  const follow = () => {
    following.current = true;
    setBehind(false);
    list.current!.scrollTop = list.current!.scrollHeight;
    list.current!.focus({ preventScroll: true });
  };
  return { list, behind, follow, scrolled };
}

interface LineProps {
  item: LogItem;
  roomId: string;
  host: boolean;
  moderates: boolean;
  muted: boolean;
}

function Line({ item, roomId, host, moderates, muted }: LineProps) {
  const t = useTexts();
  const toggleMute = async () => {
    try {
      await (muted ? api.unmute(roomId, item.userId) : api.mute(roomId, item.userId));
      toast(text(muted ? "host.unmuted" : "host.muted", { name: item.name }));
    } catch (problem) {
      toast(text(errorKey(codeOf(problem))));
    }
  };
  return (
    <li class={`chat-line${item.own ? " own" : ""}`} data-testid="recent-item" data-seq={item.seq}>
      {host && <span class="tag">{t("room.host")}</span>}
      <span class="chat-name" style={{ "--hue": String(hueOf(item.userId)) }}>
        {item.name}
      </span>
      <span class="chat-text">{item.text}</span>
      {item.count > 1 && <span class="chat-times">{t("room.times", { n: item.count })}</span>}
      {moderates && (
        <button
          type="button"
          class="line-action"
          aria-pressed={muted}
          onClick={() => void toggleMute()}
          data-testid="mute"
          aria-label={t(muted ? "host.unmute" : "host.mute", { name: item.name })}
        >
          <MuteIcon />
        </button>
      )}
    </li>
  );
}

const announceEveryMs = 6_000;

/** Reads the chat to a screen reader without flooding it: one sentence every few seconds about what is new. */
function Announcer({ items }: { items: readonly LogItem[] }) {
  const [said, setSaid] = useState("");
  const latest = useRef(items);
  latest.current = items;
  useEffect(() => {
    let upTo = latest.current.at(-1)?.seq ?? 0;
    const timer = setInterval(() => {
      const summary = summaryOf(latest.current, upTo);
      if (!summary) return;
      upTo = summary.upTo;
      setSaid(text(summary.key, summary.values));
    }, announceEveryMs);
    return () => clearInterval(timer);
  }, []);
  return (
    <p class="unseen" role="status" aria-live="polite">
      {said}
    </p>
  );
}
