import type { RoomEvent } from "../wire/types";

/** One line on the stage. */
export interface NewsLine {
  id: number;
  dealId: string;
  name: string;
  /** Orders that it stands for. */
  orders: number;
  pieces: number;
}

/** How long a line stays: as long as it takes to read it. The stage shows one at a time. */
export const newsLineMs = 2_200;

/** Deals whose announcements wait at the same time; the oldest make room. */
export const maxLinesWaiting = 10;

/** Adds up announcements, which come several times a second in a rush, to lines that can be read. Pure. */
export class NewsGatherer {
  private waiting: Omit<NewsLine, "id">[] = [];
  private lastId = 0;

  /** Takes an event of the kind `order_announced`; one that says nothing is passed over. */
  take(event: RoomEvent): void {
    const dealId = String(event["dealId"] ?? "");
    const orders = Number(event["orders"] ?? 1);
    const pieces = Number(event["pieces"] ?? event["quantity"] ?? 1);
    const name = String(event["name"] ?? "");
    if (!(orders >= 1) || !(pieces >= 1) || name === "") return;
    const same = this.waiting.find((line) => line.dealId === dealId);
    if (!same) this.waiting = [...this.waiting, { dealId, name, orders, pieces }].slice(-maxLinesWaiting);
    else Object.assign(same, { name, orders: same.orders + orders, pieces: same.pieces + pieces });
  }

  /** The line to show next; null: there is none. */
  next(): NewsLine | null {
    const line = this.waiting.shift();
    return line ? { ...line, id: ++this.lastId } : null;
  }
}
