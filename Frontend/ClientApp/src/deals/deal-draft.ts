import { conditionFits, conditionOf, noCondition, type ConditionDraft } from "../draws/condition-draft";
import { lengthOf } from "../room/text";
import type { NewDeal } from "../wire/deal-types";
import { parseMoney } from "./money";

export const maxDealTitleLength = 60;
/** The server's own bounds. */
const maxStock = 1_000_000;
const maxPerBuyer = 1_000;
const maxAmount = 1_000_000_000;
/** What hosts here sell in. */
export const currency = "CNY";

export type When = "now" | "later" | "prepared";

/** A deal as its form holds it: what was typed, also while it is no number yet. */
export interface DealDraft {
  title: string;
  price: string;
  listPrice: string;
  stock: string;
  perBuyer: string;
  when: When;
  /** Of the browser's field for a date and a time, in local time. */
  at: string;
  seconds: number;
  payWithinSeconds: number;
  condition: ConditionDraft;
}

export const emptyDraft: DealDraft = {
  title: "",
  price: "",
  listPrice: "",
  stock: "100",
  perBuyer: "1",
  when: "now",
  at: "",
  seconds: 600,
  payWithinSeconds: 300,
  condition: noCondition,
};

/** Which members cannot be sent as they are; what is empty and has to be filled in is not called wrong. */
export interface DraftFaults {
  price: boolean;
  listPrice: boolean;
  stock: boolean;
  perBuyer: boolean;
  at: boolean;
}

function countOf(typed: string, most: number): number | null {
  const text = typed.trim();
  const count = /^\d{1,9}$/.test(text) ? Number(text) : 0;
  return count >= 1 && count <= most ? count : null;
}

function priceOf(typed: string) {
  const price = parseMoney(typed, currency);
  return price && price.amount <= maxAmount ? price : null;
}

export function faultsOf(draft: DealDraft, now: number): DraftFaults {
  const price = priceOf(draft.price);
  const list = priceOf(draft.listPrice);
  const filled = (typed: string) => typed.trim() !== "";
  return {
    price: filled(draft.price) && price === null,
    listPrice: filled(draft.listPrice) && (list === null || (price !== null && list.amount <= price.amount)),
    stock: filled(draft.stock) && countOf(draft.stock, maxStock) === null,
    perBuyer: filled(draft.perBuyer) && countOf(draft.perBuyer, maxPerBuyer) === null,
    at: draft.when === "later" && filled(draft.at) && !(new Date(draft.at).getTime() > now),
  };
}

/** The deal to send, but for its key; null: something is missing or wrong. */
export function dealOf(draft: DealDraft, now: number): Omit<NewDeal, "key"> | null {
  const price = priceOf(draft.price);
  const listPrice = priceOf(draft.listPrice);
  const stock = countOf(draft.stock, maxStock);
  const perBuyer = countOf(draft.perBuyer, maxPerBuyer);
  const startsAt = draft.when === "later" ? new Date(draft.at).getTime() : null;
  const length = lengthOf(draft.title);
  if (price === null || stock === null || perBuyer === null || Object.values(faultsOf(draft, now)).includes(true)) {
    return null;
  }
  if (length === 0 || length > maxDealTitleLength || Number.isNaN(startsAt) || !conditionFits(draft.condition)) {
    return null;
  }
  return {
    title: draft.title.trim(),
    price,
    ...(listPrice ? { listPrice } : {}),
    stock,
    perBuyer,
    ...(startsAt === null ? {} : { startsAt }),
    seconds: draft.seconds,
    payWithinSeconds: draft.payWithinSeconds,
    condition: conditionOf(draft.condition),
    prepared: draft.when === "prepared",
  };
}
