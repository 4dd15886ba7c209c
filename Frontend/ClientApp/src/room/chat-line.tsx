import { useState } from "preact/hooks";
import { text, useTexts } from "../i18n";
import type { MessageKey } from "../i18n/messages";
import { errorKey } from "../i18n/verdict-text";
import { MoreIcon } from "../shell/icons";
import { hueOf } from "../shell/seed";
import { toast } from "../shell/toast";
import { codeOf } from "../wire/problem";
import { hostApi, roomApi } from "../wire/room-api";
import type { LogItem } from "./danmaku-log";
import type { HeldLine, Say } from "./room-view";

/** Mutes that are offered, in seconds; null lasts until it is lifted. */
const muteTimes: readonly { seconds: number | null; name: MessageKey }[] = [
  { seconds: 60, name: "host.mute1m" },
  { seconds: 600, name: "host.mute10m" },
  { seconds: 86_400, name: "host.mute1d" },
  { seconds: null, name: "host.muteForGood" },
];

interface LineProps {
  item: LogItem;
  roomId: string;
  hostId: string | undefined;
  moderator: boolean;
  /** What the reader may do here. */
  say: Say;
  muted: boolean;
}

export function Line({ item, roomId, hostId, moderator, say, muted }: LineProps) {
  const t = useTexts();
  const [open, setOpen] = useState(false);
  const byHost = item.userId === hostId;
  const mayRecall = item.own || say === "host" || (say === "moderator" && !byHost);
  const mayMute = say !== "none" && !item.own && !byHost && !moderator;
  const mayAppoint = say === "host" && !item.own;
  return (
    <li class={`chat-line${item.own ? " own" : ""}`} data-testid="recent-item" data-seq={item.seq}>
      {byHost && <span class="tag">{t("room.host")}</span>}
      {moderator && !byHost && <span class="tag soft">{t("room.moderator")}</span>}
      <span class="chat-name" style={{ "--hue": String(hueOf(item.userId)) }}>
        {item.name}
      </span>
      <span class="chat-text">{item.text}</span>
      {item.count > 1 && (
        <span class="chat-times" data-testid="times">
          {t("room.times", { n: item.count })}
        </span>
      )}
      {item.sampled && (
        <span class="tag soft" data-testid="sampled">
          {t("room.sampledTag")}
        </span>
      )}
      {(mayRecall || mayMute || mayAppoint) && (
        <button
          type="button"
          class="line-action"
          aria-expanded={open}
          aria-label={t("room.lineMenu", { name: item.name })}
          onClick={() => setOpen(!open)}
          data-testid="line-menu"
        >
          <MoreIcon />
        </button>
      )}
      {open && (
        <LineMenu
          item={item}
          roomId={roomId}
          recall={mayRecall}
          mute={mayMute}
          muted={muted}
          appoint={mayAppoint}
          moderator={moderator}
          onDone={() => setOpen(false)}
        />
      )}
    </li>
  );
}

interface LineMenuProps {
  item: LogItem;
  roomId: string;
  recall: boolean;
  mute: boolean;
  muted: boolean;
  appoint: boolean;
  moderator: boolean;
  onDone: () => void;
}

function LineMenu({ item, roomId, recall, mute, muted, appoint, moderator, onDone }: LineMenuProps) {
  const t = useTexts();
  const { name, userId } = item;
  const act = async (work: () => Promise<unknown>, said: MessageKey) => {
    try {
      await work();
      toast(text(said, { name }));
      onDone();
    } catch (problem) {
      toast(text(errorKey(codeOf(problem))));
    }
  };
  const keys = (event: KeyboardEvent) => event.key === "Escape" && onDone();
  return (
    <div class="line-menu" role="group" aria-label={t("room.lineMenu", { name })} onKeyDown={keys}>
      {recall && (
        <button
          type="button"
          class="mini-button"
          onClick={() => void act(() => roomApi.recall(roomId, item.seq), "room.recalled")}
          data-testid="recall"
        >
          {t("room.recall")}
        </button>
      )}
      {mute && muted && (
        <button
          type="button"
          class="mini-button"
          onClick={() => void act(() => hostApi.unmute(roomId, userId), "host.unmuted")}
        >
          {t("host.unmuteShort")}
        </button>
      )}
      {mute &&
        !muted &&
        muteTimes.map(({ seconds, name: label }) => (
          <button
            key={label}
            type="button"
            class="mini-button"
            onClick={() => void act(() => hostApi.mute(roomId, userId, seconds), "host.muted")}
            data-testid="mute"
            data-seconds={seconds ?? "for-good"}
          >
            {t(label)}
          </button>
        ))}
      {appoint && (
        <button
          type="button"
          class="mini-button"
          onClick={() =>
            void (moderator
              ? act(() => hostApi.removeModerator(roomId, userId), "host.moderatorGone")
              : act(() => hostApi.addModerator(roomId, userId), "host.moderatorMade"))
          }
          data-testid="appoint"
        >
          {t(moderator ? "host.removeModerator" : "host.addModerator")}
        </button>
      )}
    </div>
  );
}

/** One's own danmaku that nobody else sees: it waits for review, or was refused there. */
export function HeldChatLine({ line }: { line: HeldLine }) {
  const t = useTexts();
  return (
    <li class="chat-line own waiting" data-testid="held-line" data-refused={line.refused}>
      <span class="tag soft">{t(line.refused ? "room.heldRefused" : "room.heldWaiting")}</span>
      <span class="chat-text">{line.text}</span>
    </li>
  );
}
