import { Store } from "../shell/store";
import type { Order, OrderNews, OrderPage } from "../wire/deal-types";
import { isUnfinished, maxOrdersKept, withNews, withOrders } from "./orders";

/** Where orders come from. */
export interface OrderSource {
  page(after: string | null, limit: number): Promise<OrderPage>;
  one(orderId: string): Promise<Order>;
}

const pageSize = 20;
/** Orders that are asked for one by one at the same time; what is more comes with the next page or push. */
const maxAskedSingly = 20;

/** An order was one thing and is another. */
export type OrderTurn = (before: Order, after: Order) => void;

/**
 * The orders of whoever is signed in, as far as the page knows them: pages of the server's list, kept current by what
 * the hub pushes. A push may overtake the answer it belongs to, so each answer is merged by when it was asked for.
 */
export class OrderBook {
  readonly orders = new Store<readonly Order[]>([]);
  /** What the next page begins after; null: there is none, or the first one has not come yet. */
  readonly next = new Store<string | null>(null);
  readonly loaded = new Store(false);
  private readonly turns = new Set<OrderTurn>();
  private readonly pushed = new Map<string, number>();
  private readonly asked = new Set<string>();
  private pushes = 0;
  private generation = 0;

  constructor(private readonly source: OrderSource) {}

  onTurn(listener: OrderTurn): () => void {
    this.turns.add(listener);
    return () => this.turns.delete(listener);
  }

  /** Somebody else is signed in now. */
  reset(): void {
    this.generation++;
    this.pushed.clear();
    this.asked.clear();
    this.next.set(null);
    this.loaded.set(false);
    this.orders.set([]);
  }

  /** The newest page again, and what is unfinished beyond it. Throws what the server says. */
  async refresh(): Promise<void> {
    const page = await this.asking(
      () => this.source.page(null, pageSize),
      (answer) => answer.items,
    );
    if (!page) return;
    const behind = this.orders.value.some((order) => !page.items.some((other) => other.orderId === order.orderId));
    if (!behind || !this.loaded.value) this.next.set(page.next ?? null);
    this.loaded.set(true);
    const old = this.orders.value.filter(
      (order) => isUnfinished(order) && !page.items.some((other) => other.orderId === order.orderId),
    );
    await Promise.all(old.slice(0, maxAskedSingly).map((order) => this.ask(order.orderId)));
  }

  async loadMore(): Promise<void> {
    const after = this.next.value;
    if (after === null) return;
    const page = await this.asking(
      () => this.source.page(after, pageSize),
      (answer) => answer.items,
    );
    if (page) this.next.set(page.next ?? null);
  }

  /** Runs a command that answers an order, and takes the order over. */
  async after(command: () => Promise<Order>): Promise<Order> {
    const generation = this.generation;
    const since = this.pushes;
    const order = await command();
    if (generation === this.generation) this.take([order], since);
    return order;
  }

  /** An order that was made here and now; `since` is what `mark` said before it was asked for. */
  made(order: Order, since: number): void {
    this.take([order], since);
  }

  /** Where the pushes stand, for `made`. */
  mark(): number {
    return this.pushes;
  }

  pushedNews(news: OrderNews): void {
    this.pushed.delete(news.orderId);
    this.pushed.set(news.orderId, ++this.pushes);
    // What was pushed longest ago has no answer under way any more.
    for (const oldest of this.pushed.keys()) if (this.pushed.size > maxOrdersKept) this.pushed.delete(oldest);
    const next = withNews(this.orders.value, news);
    if (next) this.show(next);
    else void this.ask(news.orderId);
  }

  private async ask(orderId: string): Promise<void> {
    if (this.asked.has(orderId) || this.asked.size >= maxAskedSingly) return;
    this.asked.add(orderId);
    try {
      await this.asking(
        () => this.source.one(orderId),
        (order) => [order],
      );
    } catch {
      // The next push or refresh brings it.
    } finally {
      this.asked.delete(orderId);
    }
  }

  /** Null: the answer came for who was signed in before. */
  private async asking<T>(question: () => Promise<T>, orders: (answer: T) => readonly Order[]): Promise<T | null> {
    const generation = this.generation;
    const since = this.pushes;
    const answer = await question();
    if (generation !== this.generation) return null;
    this.take(orders(answer), since);
    return answer;
  }

  private take(sent: readonly Order[], since: number): void {
    this.show(withOrders(this.orders.value, sent, (orderId) => (this.pushed.get(orderId) ?? 0) > since));
  }

  private show(next: readonly Order[]): void {
    const before = new Map(this.orders.value.map((order) => [order.orderId, order]));
    this.orders.set(next);
    for (const after of next) {
      const was = before.get(after.orderId);
      if (was && was.status !== after.status) for (const listener of this.turns) listener(was, after);
    }
  }
}
