import { Store } from "../shell/store";
import type { Notification, NotificationPage } from "../wire/group-types";

export interface InboxView {
  items: readonly Notification[];
  unread: number;
  hasMore: boolean;
  /** Whether the server has been asked. */
  known: boolean;
}

const nothing: InboxView = { items: [], unread: 0, hasMore: false, known: false };

/** As many are kept; older ones can be had again. */
const maxKept = 200;

interface InboxApi {
  page(after: string | null, limit: number): Promise<NotificationPage>;
  read(upTo: string): Promise<{ unread: number } | undefined>;
}

/** Notifications of whoever is signed in: the server's list, and what the hub brings meanwhile. */
export class InboxBook {
  readonly view = new Store<InboxView>(nothing);
  private pushed = 0;

  constructor(
    private readonly api: InboxApi,
    private readonly limit = 30,
  ) {}

  /** Somebody else is signed in, or nobody. */
  reset(): void {
    this.pushed++;
    this.view.set(nothing);
  }

  async refresh(): Promise<void> {
    const before = this.pushed;
    const page = await this.api.page(null, this.limit);
    // What was pushed while the answer was under way may be newer than it.
    if (this.pushed !== before) return;
    this.view.set({ items: page.items, unread: page.unread, hasMore: page.hasMore, known: true });
  }

  async older(): Promise<void> {
    const last = this.view.value.items.at(-1);
    if (!last || !this.view.value.hasMore) return;
    const page = await this.api.page(last.id, this.limit);
    const known = new Set(this.view.value.items.map((item) => item.id));
    const more = page.items.filter((item) => !known.has(item.id));
    this.view.patch({ items: [...this.view.value.items, ...more], hasMore: page.hasMore, unread: page.unread });
  }

  /** As the hub says: a notification that gathers one more takes the place of what it was. */
  push(notification: Notification, unread: number): void {
    this.pushed++;
    const others = this.view.value.items.filter((item) => !isSame(item, notification));
    this.view.patch({ items: [notification, ...others].slice(0, maxKept), unread });
  }

  /** All are read. */
  async read(): Promise<void> {
    const newest = this.view.value.items[0];
    if (!newest || this.view.value.unread === 0) return;
    const left = await this.api.read(newest.id);
    this.view.patch({
      items: this.view.value.items.map((item) => ({ ...item, read: true })),
      unread: left?.unread ?? 0,
    });
  }

  /** The messages of a group were read: so is what tells of them. */
  readGroup(groupId: string, seq: number): void {
    const isRead = (item: Notification) =>
      !item.read && item.groupId === groupId && item.seq != null && item.seq <= seq;
    const read = this.view.value.items.filter(isRead).length;
    if (read === 0) return;
    this.view.patch({
      items: this.view.value.items.map((item) => (isRead(item) ? { ...item, read: true } : item)),
      unread: Math.max(0, this.view.value.unread - read),
    });
  }
}

/** Whether both gather the same: one kind in one group, or new followers. */
function isSame(a: Notification, b: Notification): boolean {
  if (a.id === b.id) return true;
  return !a.read && a.kind === b.kind && (a.groupId ?? null) === (b.groupId ?? null);
}
