import { text } from "../i18n";
import type { LogItem } from "../room/danmaku-log";
import type { Deal } from "../wire/deal-types";
import type { TapeItem } from "../wire/host-types";
import type { DanmakuMode, Draw } from "../wire/types";

/** Lines of the list beside the stage. */
export const maxLines = 200;

export interface ReplayLine {
  key: string;
  at: number;
  name: string;
  userId: string;
  text: string;
  count: number;
  /** Something that happened, not something said. */
  event: boolean;
}

/** A danmaku of the tape as the stage flies it; null: the item is none. */
export function danmakuOf(item: TapeItem, userId: string | undefined): LogItem | null {
  if (item.kind !== "danmaku") return null;
  const said = item as unknown as Omit<LogItem, "at" | "own"> & { sentAt: number; mode: DanmakuMode };
  return {
    seq: said.seq,
    userId: said.userId,
    name: said.name,
    text: said.text,
    mode: said.mode,
    color: said.color,
    at: said.sentAt,
    mediaAt: item.at,
    count: said.count ?? 1,
    own: said.userId === userId,
  };
}

function eventText(item: TapeItem): string | null {
  const word = (field: string) => String(item[field] ?? "");
  switch (item.kind) {
    case "started":
    case "ended":
      return text(`replay.${item.kind}`);
    case "poll_opened":
      return text("poll.news", { text: word("question") });
    case "poll_closed":
      return text("replay.pollClosed", { n: word("voters") });
    case "pk_opened":
      return text("replay.pkOpened", { left: word("left"), right: word("right") });
    case "pk_closed":
      return text("replay.pkClosed", { left: word("leftPoints"), right: word("rightPoints") });
    case "question":
      return text("replay.question", { name: word("name"), text: word("text") });
    case "question_answered":
      return item["answer"] ? text("replay.answer", { text: word("answer") }) : text("replay.answeredAloud");
    case "draw_opened":
      return text("draw.news", { text: (item["draw"] as Draw).prize });
    case "draw_result":
      return text("replay.drawResult", { text: (item["draw"] as Draw).prize });
    case "deal_opened":
      return text("replay.dealOpened", { text: (item["deal"] as Deal).title });
    case "deal_ended":
      return text("replay.dealEnded", { text: (item["deal"] as Deal).title, n: (item["deal"] as Deal).sold });
    case "like_milestone":
      return text("room.milestone", { n: word("likes") });
    case "pinned":
      return item["text"] ? text("replay.pinned", { text: word("text") }) : null;
    default:
      return null;
  }
}

/** The item as a line; null: it is not listed. */
export function lineOf(item: TapeItem, number: number): ReplayLine | null {
  const said = danmakuOf(item, undefined);
  if (said) {
    const { name, userId, text: words, count } = said;
    return { key: `${said.seq}`, at: item.at, name, userId, text: words, count, event: false };
  }
  const words = eventText(item);
  if (words === null) return null;
  return { key: `e${number}`, at: item.at, name: "", userId: "", text: words, count: 1, event: true };
}
