import { call, itemsOf } from "./api";
import type { Deal, DealBoard, HostSales, NewDeal, Order, OrderPage, SaleItem } from "./deal-types";

const id = encodeURIComponent;
const dealAt = (roomId: string, rest = "") => `/api/rooms/${id(roomId)}/deals${rest}`;

/** Deals: what everybody reads, and what their host does. */
export const dealApi = {
  sale: async (limit: number) => itemsOf(await call<{ items: SaleItem[] }>("GET", `/api/deals?limit=${limit}`)),
  ofRoom: async (roomId: string) => itemsOf(await call<{ items: Deal[] }>("GET", dealAt(roomId))),
  /** Of whichever room. */
  one: (dealId: string) => call<Deal>("GET", `/api/deals/${id(dealId)}`),
  open: (roomId: string, deal: NewDeal) => call<Deal>("POST", dealAt(roomId), deal),
  begin: (roomId: string, dealId: string) => call<Deal>("POST", dealAt(roomId, `/${id(dealId)}/begin`)),
  end: (roomId: string, dealId: string) => call<Deal>("POST", dealAt(roomId, `/${id(dealId)}/end`)),
  mySales: () => call<HostSales>("GET", "/api/me/sales"),
  board: (roomId: string, dealId: string) => call<DealBoard>("GET", dealAt(roomId, `/${id(dealId)}/board`)),
};

/** Orders of whoever is signed in. */
export const orderApi = {
  page: (after: string | null, limit: number) =>
    call<OrderPage>("GET", `/api/orders?limit=${limit}${after === null ? "" : `&after=${id(after)}`}`),
  one: (orderId: string) => call<Order>("GET", `/api/orders/${id(orderId)}`),
  pay: (orderId: string, key: string) => call<Order>("POST", `/api/orders/${id(orderId)}/pay`, { key }),
  cancel: (orderId: string) => call<Order>("POST", `/api/orders/${id(orderId)}/cancel`),
};
