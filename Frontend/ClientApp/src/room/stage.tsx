import { useEffect, useRef } from "preact/hooks";
import { useTexts } from "../i18n";
import { Avatar } from "../shell/avatar";
import type { Room } from "../wire/types";
import { Backdrop } from "./backdrop";
import { Flight } from "./flight";
import { Hearts } from "./hearts";
import type { RoomSession } from "./room-session";

/** Hearts that others' likes raise at most for one frame: the counter says how many they were. */
const maxForeignHearts = 5;

interface StageProps {
  stay: RoomSession;
  room: Room | null;
  flying: boolean;
}

/** The dark stage. Everything on it is said elsewhere in words (list, counters), so screen readers skip it. */
export function Stage({ stay, room, flying }: StageProps) {
  const t = useTexts();
  const canvas = useRef<HTMLCanvasElement>(null);
  const air = useRef<HTMLDivElement>(null);
  const layer = useRef<HTMLDivElement>(null);
  const flight = useRef<Flight | null>(null);
  const backdrop = useRef<Backdrop | null>(null);

  useEffect(() => {
    const lights = (backdrop.current = new Backdrop(canvas.current!, stay.roomId));
    const danmaku = (flight.current = new Flight(air.current!));
    const hearts = new Hearts(layer.current!);
    const stop = stay.onCue((cue) => {
      if (cue.kind === "fly") {
        danmaku.fly(cue.item);
        lights.stir(0.12);
      } else if (cue.kind === "grow") danmaku.grow(cue.item);
      else if (cue.kind === "remove") danmaku.remove(cue.seq);
      else if (cue.kind === "tap") hearts.burst(1);
      else if (cue.kind === "likes") {
        hearts.burst(Math.min(maxForeignHearts, cue.more));
        lights.stir(0.08);
      }
    });
    return () => {
      stop();
      danmaku.destroy();
      lights.destroy();
    };
  }, [stay]);

  const live = room?.state === "live";
  useEffect(() => backdrop.current?.light(live || room === null), [live, room === null]);
  useEffect(() => flight.current?.show(flying), [flying]);

  return (
    <div class="stage" role="img" aria-label={t("room.stage")}>
      <canvas ref={canvas} class="backdrop" aria-hidden="true" />
      {room && (
        <div class={`stage-host${live ? " on-air" : ""}`} aria-hidden="true">
          <span class="pulse" />
          <span class="pulse late" />
          <Avatar id={room.hostId} name={room.hostName} size="large" />
        </div>
      )}
      <div ref={air} class="air" data-testid="danmaku-stage" aria-hidden="true" />
      <div ref={layer} class="heart-layer" aria-hidden="true" />
    </div>
  );
}
