// Deals and orders, as the wire contract has them. Ids are strings, times Unix ms.

import type { DrawCondition, RoomPhase } from "./types";

/** In minor units: 1990 of CNY is ¥19.90. */
export interface Money {
  amount: number;
  currency: string;
}

export type DealState = "scheduled" | "open" | "sold_out" | "ended";

/** At any moment left + reserved + sold = stock. */
export interface Deal {
  dealId: string;
  roomId: string;
  title: string;
  price: Money;
  listPrice?: Money | null;
  stock: number;
  left: number;
  /** Paid. */
  sold: number;
  /** Ordered, and not paid yet. */
  reserved: number;
  /** Orders that wait for pieces to come back. */
  waiting: number;
  perBuyer: number;
  /** Absent: it is prepared, and begins when its host says so. */
  startsAt?: number | null;
  endsAt?: number | null;
  payWithinSeconds: number;
  condition: DrawCondition;
  state: DealState;
  lowStock: boolean;
}

/** What of a deal changes all the time. */
export interface DealTicker {
  dealId: string;
  left: number;
  sold: number;
  reserved: number;
  state: DealState;
  waiting: number;
  lowStock: boolean;
}

export interface NewDeal {
  title: string;
  price: Money;
  listPrice?: Money;
  stock: number;
  perBuyer: number;
  startsAt?: number;
  seconds: number;
  payWithinSeconds: number;
  condition: DrawCondition;
  prepared: boolean;
  key: string;
}

export type OrderStatus = "waiting" | "reserved" | "paying" | "paid" | "cancelled" | "expired" | "refunded";

export interface Order {
  orderId: string;
  dealId: string;
  roomId: string;
  title: string;
  quantity: number;
  total: Money;
  status: OrderStatus;
  /** Reserved or paying: until when. */
  payBefore?: number | null;
  createdAt: number;
  /** Waiting: the place in the line, from 1. */
  position?: number | null;
  /** In the answer to a payment: why it was declined. */
  declined?: string | null;
}

/** An order as it is now, pushed by the hub: latest value only. */
export interface OrderNews {
  orderId: string;
  dealId: string;
  status: OrderStatus;
  payBefore?: number | null;
  position?: number | null;
}

export interface OrderPage {
  items: Order[];
  next?: string | null;
}

export const buyStatuses = [
  "accepted",
  "waiting",
  "sold_out",
  "limit_reached",
  "not_started",
  "ended",
  "not_eligible",
  "rate_limited",
  "not_found",
  "conflict",
  "invalid",
] as const;

export type BuyStatus = (typeof buyStatuses)[number];

export interface BuyAnswer {
  status: BuyStatus;
  orderId?: string | null;
  payBefore?: number | null;
  position?: number | null;
  retryAfterMs?: number | null;
  /** What the order of that key is by now. */
  order?: OrderStatus | null;
}

/** A second in which something happened; pieces, but for the money. */
export interface BoardSecond {
  at: number;
  ordered: number;
  paid: number;
  returned: number;
  gmv: Money;
}

/** How a deal goes, for its host. `sold` and `reserved` are pieces; `paid`, `orders`, `placed`, `waiting` orders. */
export interface DealBoard {
  deal: Deal;
  sold: number;
  reserved: number;
  paid: number;
  gmv: Money;
  waiting: number;
  orders: number;
  placed: number;
  conversion?: number | null;
  series: BoardSecond[];
}

/** What a host has sold in all rooms; a sum for each currency. */
export interface HostSales {
  orders: number;
  sales: Money[];
  rooms: number;
}

/** A deal of the whole site, with the room it is sold in. */
export interface SaleItem {
  deal: Deal;
  room?: {
    roomId: string;
    title: string;
    cover?: string | null;
    state: RoomPhase;
    hostId: string;
    hostName: string;
    viewers: number;
  } | null;
}
