import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { text, useTexts } from "../i18n";
import { isMessageKey } from "../i18n/messages";
import { errorKey } from "../i18n/verdict-text";
import { newKey } from "../room/text";
import { Dialog } from "../shell/dialog";
import { FormEnd } from "../shell/form-parts";
import { CheckIcon, ClockIcon } from "../shell/icons";
import { clockText, useNow } from "../shell/now";
import { SelectField } from "../shell/select-field";
import { useStore } from "../shell/store";
import { orderApi } from "../wire/deal-api";
import type { Order } from "../wire/deal-types";
import { serverClock } from "../wire/server-clock";
import { myOrders } from "./my-orders";
import { payWith, type PayOutcome } from "./paying";
import { priceText } from "./price";

const plans = ["pay", "decline", "slow", "timeout"] as const;
type Plan = (typeof plans)[number];

/** Pays an order. What it shows is the order as it is now, whichever way the news of it comes. */
export function PayDialog({ order, onClose }: { order: Order; onClose: () => void }) {
  const t = useTexts();
  const known = useStore(myOrders.orders).find((other) => other.orderId === order.orderId) ?? order;
  const payment = usePayment(order.orderId);
  return (
    <Dialog title={t("pay.title")} onClose={onClose}>
      <div class="pay" data-testid="pay-dialog" data-status={known.status}>
        {known.status === "paid" ? (
          <PayWord art={<CheckIcon />} title={t("pay.done")} words={t("pay.doneText")} tone="good" onClose={onClose} />
        ) : known.status === "paying" && payment.busy === null ? (
          <PayWord art={<ClockIcon />} title={t("pay.pending")} words={t("pay.pendingText")} onClose={onClose} />
        ) : (
          <PayForm order={known} payment={payment} />
        )}
      </div>
    </Dialog>
  );
}

interface PayWordProps {
  art: ComponentChildren;
  title: string;
  words: string;
  tone?: "good";
  onClose: () => void;
}

function PayWord({ art, title, words, tone, onClose }: PayWordProps) {
  const t = useTexts();
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => button.current?.focus(), []);
  return (
    <div class={`pay-word ${tone ?? ""}`} role="status">
      <span class="pay-art" aria-hidden="true">
        {art}
      </span>
      <h3>{title}</h3>
      <p>{words}</p>
      <button ref={button} type="button" class="button quiet wide" onClick={onClose} data-testid="pay-close">
        {t("app.close")}
      </button>
    </div>
  );
}

function PayForm({ order, payment }: { order: Order; payment: Payment }) {
  const t = useTexts();
  const { busy, plan, setPlan, pay } = payment;
  const now = useNow(serverClock, true);
  const left = Math.max(0, Math.ceil(((order.payBefore ?? now) - now) / 1_000));
  const submit = (event: Event) => {
    event.preventDefault();
    if (!busy) void pay();
  };
  const total = priceText(order.total);
  const payable = order.status === "reserved" || busy !== null;
  const time = payable ? t("order.payBefore", { time: clockText(left) }) : t(`order.status.${order.status}`);
  const over = t(errorKey(order.status === "expired" ? "order_expired" : "wrong_state"));
  const said = payment.wordsFor(order);
  return (
    <form class="form" onSubmit={submit}>
      <div class="pay-sum">
        <p>{order.title}</p>
        <p class="pay-amount" aria-label={`${t("pay.amount")} ${total}`}>
          {total}
        </p>
        <p role="timer">{time}</p>
      </div>
      <p class="pay-sandbox">{t("pay.sandbox")}</p>
      <SelectField
        label={t("pay.plan")}
        value={plan}
        choices={plans.map((value) => ({ value, name: t(`pay.plan.${value}`) }))}
        onChange={setPlan}
        testId="pay-plan"
      />
      <p class="note-line note" role="status" data-testid="pay-note">
        {busy === "unknown" ? t("pay.unknown") : ""}
      </p>
      <FormEnd
        error={busy ? "" : said || (payable ? "" : over)}
        label={busy ? t("pay.busy") : t("pay.confirm", { total })}
        disabled={busy !== null || !payable}
        testId="pay-confirm"
      />
    </form>
  );
}

type Payment = ReturnType<typeof usePayment>;

/** One attempt at a time. Its key stays the same until it is answered; the next attempt has another. */
function usePayment(orderId: string) {
  const [plan, setPlan] = useState<Plan>("pay");
  const [busy, setBusy] = useState<"paying" | "unknown" | null>(null);
  const [outcome, setOutcome] = useState<PayOutcome | null>(null);
  const left = useRef(false);
  useEffect(() => {
    left.current = false;
    return () => {
      left.current = true;
    };
  }, []);
  const pay = async () => {
    setBusy("paying");
    setOutcome(null);
    const ended = await payWith(`${plan}-${newKey()}`, {
      pay: (key) => myOrders.after(() => orderApi.pay(orderId, key)),
      pause: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
      lost: () => setBusy("unknown"),
      isLeft: () => left.current,
    });
    setBusy(null);
    setOutcome(ended);
    // The order is not what it seemed here: paid in another window, cancelled, over.
    if (ended?.kind === "refused") await myOrders.after(() => orderApi.one(orderId)).catch(() => undefined);
  };
  const wordsFor = (order: Order) => (outcome ? wordsOf(outcome, order) : "");
  return { plan, setPlan, busy, pay, wordsFor };
}

/** Paid and pending are shown by the order itself; one that pended and has to be paid again was declined meanwhile. */
function wordsOf(outcome: PayOutcome, order: Order): string {
  if (outcome.kind === "pending" && order.status === "reserved") return text("pay.declined");
  if (outcome.kind === "declined") {
    const key = `pay.declined.${outcome.reason}`;
    return text(isMessageKey(key) ? key : "pay.declined");
  }
  if (outcome.kind !== "refused") return "";
  if (outcome.code === "order_expired") return text("pay.expired");
  if (outcome.code === "wrong_state") return text("pay.wrong_state");
  return text(outcome.code === "rate_limited" ? "pay.tooOften" : errorKey(outcome.code));
}
