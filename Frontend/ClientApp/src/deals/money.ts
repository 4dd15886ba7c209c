import type { Language } from "../i18n/messages";
import type { Money } from "../wire/deal-types";

/** Currencies whose minor unit is not a hundredth. */
const digitsOf: Readonly<Record<string, number>> = { JPY: 0, KRW: 0, VND: 0, KWD: 3, BHD: 3 };
const usualDigits = 2;

function minorDigits(currency: string): number {
  return digitsOf[currency] ?? usualDigits;
}

function formatter(language: Language, currency: string): Intl.NumberFormat {
  const digits = minorDigits(currency);
  return new Intl.NumberFormat(language === "zh" ? "zh-CN" : "en", {
    style: "currency",
    currency,
    currencyDisplay: "narrowSymbol",
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
}

/** A sum in three parts, so that a price can have a large number between a small sign and small cents. */
export interface MoneyParts {
  sign: string;
  whole: string;
  /** With its point; empty for a currency without. */
  fraction: string;
}

/** Minor units are shifted as text: a floating-point number would round the cents of large sums. */
function decimal({ amount, currency }: Money): string {
  const digits = minorDigits(currency);
  const text = String(Math.abs(amount)).padStart(digits + 1, "0");
  const whole = digits === 0 ? text : `${text.slice(0, -digits)}.${text.slice(-digits)}`;
  return amount < 0 ? `-${whole}` : whole;
}

export function moneyParts(language: Language, money: Money): MoneyParts {
  // Strings are formatted exactly (ES2023); the type of the library has not caught up everywhere.
  const parts = formatter(language, money.currency).formatToParts(decimal(money) as unknown as number);
  const of = (...types: string[]) =>
    parts
      .filter((part) => types.includes(part.type))
      .map((part) => part.value)
      .join("");
  return {
    sign: of("minusSign") + of("currency"),
    whole: of("integer", "group"),
    fraction: of("decimal", "fraction"),
  };
}

export function moneyText(language: Language, money: Money): string {
  const { sign, whole, fraction } = moneyParts(language, money);
  return sign + whole + fraction;
}

/** What somebody typed as minor units: "19.9" of CNY is 1990. Null: it is no sum of that currency. */
export function parseMoney(typed: string, currency: string): Money | null {
  const digits = minorDigits(currency);
  const match = /^(\d{1,12})(?:\.(\d*))?$/.exec(typed.trim().replace(/[,，]/g, "").replace(/^[¥￥$€]\s*/, ""));
  const fraction = match?.[2] ?? "";
  if (!match || fraction.length > digits) return null;
  return { amount: Number(match[1]! + fraction.padEnd(digits, "0")), currency };
}

/** How much cheaper than the list price, in whole percent; 0: not at all, or nothing to compare. */
export function percentOff(price: Money, listPrice: Money | null | undefined): number {
  if (!listPrice || listPrice.currency !== price.currency || listPrice.amount <= price.amount) return 0;
  return Math.floor(((listPrice.amount - price.amount) * 100) / listPrice.amount);
}

export function times(money: Money, quantity: number): Money {
  return { amount: money.amount * quantity, currency: money.currency };
}
