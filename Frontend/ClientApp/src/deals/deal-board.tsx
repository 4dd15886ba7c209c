import { useEffect, useMemo, useState } from "preact/hooks";
import { countText, useTexts } from "../i18n";
import { Chart } from "../host/chart";
import { FormError } from "../shell/form-parts";
import { useWork } from "../shell/work";
import { dealApi } from "../wire/deal-api";
import type { BoardSecond, Deal, DealBoard } from "../wire/deal-types";
import { serverClock } from "../wire/server-clock";
import { boardSeconds, filled, Pace, percentText } from "./board";
import { priceText } from "./price";

/** A ticker says that something has changed; more often than this nobody can read what. */
const everyMs = 1_000;

/** What the board said, and when it was asked. */
interface Look {
  figures: DealBoard;
  at: number;
}

/** How a deal goes, in numbers and second by second. It is asked for when a frame says that the deal has changed. */
export function DealBoardView({ deal }: { deal: Deal }) {
  const { dealId, roomId } = deal;
  const [board, setBoard] = useState<Look | null>(null);
  const { error, run } = useWork();
  const pace = useMemo(() => {
    const load = async () => {
      const figures = await dealApi.board(roomId, dealId);
      setBoard({ figures, at: serverClock.now() });
    };
    return new Pace(everyMs, async () => void (await run(load)));
  }, [roomId, dealId]);
  const { left, sold, reserved, waiting, state } = deal;
  useEffect(() => pace.ask(), [pace, left, sold, reserved, waiting, state]);
  useEffect(() => () => pace.stop(), [pace]);
  return (
    <div class="board" data-testid="board">
      <FormError text={error} />
      {board && <Figures board={board.figures} />}
      {board && (
        <Chart
          name="deal"
          seconds={boardSeconds}
          lines={[
            { title: "board.ordered", kind: "ordered", values: valuesOf(board, (second) => second.ordered) },
            { title: "board.paid", kind: "paid", values: valuesOf(board, (second) => second.paid) },
          ]}
        />
      )}
    </div>
  );
}

function valuesOf({ figures, at }: Look, of: (second: BoardSecond) => number): readonly number[] {
  return filled(figures.series, at, of);
}

function Figures({ board }: { board: DealBoard }) {
  const t = useTexts();
  const figures = [
    ["sold", t("board.sold"), countText(board.sold)],
    ["reserved", t("board.reserved"), countText(board.reserved)],
    ["left", t("board.left"), countText(board.deal.left)],
    ["waiting", t("board.waiting"), countText(board.waiting)],
    ["gmv", t("board.gmv"), priceText(board.gmv)],
    ["paid", t("board.paidOrders"), countText(board.paid)],
    ["conversion", t("board.conversion"), board.conversion == null ? "–" : percentText(board.conversion)],
  ] as const;
  return (
    <dl class="board-figures">
      {figures.map(([key, name, value]) => (
        <div key={key} class={key}>
          <dt>{name}</dt>
          <dd data-testid={`board-${key}`}>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
