import type { StageCue } from "../room/room-session";
import { recall, remember } from "../shell/storage";
import { Store } from "../shell/store";
import type { TapeItem } from "../wire/host-types";
import { roomApi } from "../wire/room-api";
import { session } from "../wire/session";
import type { Room } from "../wire/types";
import { danmakuOf, lineOf, maxLines, type ReplayLine } from "./replay-lines";
import { TapePlayer } from "./tape-player";

const pageSize = 500;
const offsetKey = "rednote.replayOffset";

export interface ReplayView {
  position: number;
  end: number;
  playing: boolean;
  buffering: boolean;
  failed: boolean;
  speed: number;
  offset: number;
  lines: readonly ReplayLine[];
}

/** A replay on the page: drives the player by the screen's frames, and hands what is due to the stage and the list. */
export class Replay {
  readonly view: Store<ReplayView>;
  private readonly player: TapePlayer;
  private readonly cues = new Set<(cue: StageCue) => void>();
  private lines: ReplayLine[] = [];
  private request = 0;
  private lineCount = 0;

  constructor(
    readonly roomId: string,
    room: Room,
  ) {
    const length = Math.max(1_000, (room.endedAt ?? Date.now()) - (room.startedAt ?? Date.now()));
    this.player = new TapePlayer((from) => roomApi.tape(roomId, from, pageSize), length);
    const offset = Number(recall(offsetKey) ?? 0);
    if (Number.isFinite(offset) && offset !== 0) this.player.setOffset(offset);
    this.view = new Store(this.state());
  }

  start(): void {
    this.player.play();
    this.request = requestAnimationFrame(this.step);
  }

  stop(): void {
    cancelAnimationFrame(this.request);
  }

  onCue(listener: (cue: StageCue) => void): () => void {
    this.cues.add(listener);
    return () => this.cues.delete(listener);
  }

  toggle(): void {
    if (!this.player.playing && this.player.position >= this.player.end) this.jump();
    if (this.player.playing) this.player.pause();
    else this.player.play();
    this.show();
  }

  seek(position: number): void {
    this.jump();
    this.player.seek(position);
    this.show();
  }

  setSpeed(speed: number): void {
    this.player.setSpeed(speed);
    this.cue({ kind: "rate", rate: speed });
    this.show();
  }

  setOffset(ms: number): void {
    this.jump();
    this.player.setOffset(ms);
    remember(offsetKey, String(this.player.offset));
    this.show();
  }

  private readonly step = (now: number): void => {
    this.request = requestAnimationFrame(this.step);
    const due = this.player.tick(now);
    for (const item of due.before) this.list(item);
    for (const item of due.now) {
      this.list(item);
      const said = danmakuOf(item, session.value?.userId);
      if (said) this.cue({ kind: "fly", item: said });
      if (item.kind === "likes") this.cue({ kind: "likes", more: Number(item["count"] ?? 1) });
    }
    this.show();
  };

  /** What is on the stage and in the list belongs to another position. */
  private jump(): void {
    this.lines = [];
    this.cue({ kind: "clear" });
  }

  private list(item: TapeItem): void {
    const line = lineOf(item, ++this.lineCount);
    if (!line) return;
    this.lines = [...this.lines, line].slice(-maxLines);
  }

  private cue(cue: StageCue): void {
    for (const listener of this.cues) listener(cue);
  }

  private state(): ReplayView {
    const { position, end, playing, buffering, failed, speed, offset } = this.player;
    return { position, end, playing, buffering: playing && buffering, failed, speed, offset, lines: this.lines };
  }

  /** The position is shown in tenths of a second: more often nobody reads it. */
  private show(): void {
    const next = this.state();
    const now = this.view.value;
    const same =
      Math.floor(next.position / 100) === Math.floor(now.position / 100) &&
      (Object.keys(next) as (keyof ReplayView)[]).every((key) => key === "position" || next[key] === now[key]);
    if (!same) this.view.set(next);
  }
}
