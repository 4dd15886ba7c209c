import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import { text, useTexts } from "../i18n";
import { errorKey } from "../i18n/verdict-text";
import { Avatar } from "../shell/avatar";
import { FormError } from "../shell/form-parts";
import { codeOf } from "../wire/problem";
import type { HeldDanmaku } from "../wire/host-types";
import { hostApi } from "../wire/room-api";
import type { HoldMode } from "../wire/types";

/** The hub does not say what waits: those who may review ask this often while they look at the page. */
const askEveryMs = 3_000;
/** Of the queue this many are shown; those behind follow when they are dealt with. */
const shown = 50;

export interface Review {
  items: readonly HeldDanmaku[];
  total: number;
  error: string;
  settle: (item: HeldDanmaku, approve: boolean) => Promise<void>;
}

/** What waits for review, oldest first; it is looked after while `active`. */
export function useReview(roomId: string, active: boolean): Review {
  const [queue, setQueue] = useState<{ items: readonly HeldDanmaku[]; total: number }>({ items: [], total: 0 });
  const [error, setError] = useState("");
  /** Settled here: an answer that was under way meanwhile must not bring them back. */
  const settled = useRef(new Set<number>());
  const load = useCallback(async () => {
    try {
      const page = await hostApi.held(roomId, 0, shown);
      const items = page.items.filter((item) => !settled.current.has(item.heldId));
      setQueue({ items, total: Math.max(items.length, page.total - (page.items.length - items.length)) });
      setError("");
    } catch (problem) {
      setError(text(errorKey(codeOf(problem))));
    }
  }, [roomId]);
  useEffect(() => {
    if (!active) return;
    const look = () => void (document.visibilityState === "visible" && load());
    look();
    const timer = setInterval(look, askEveryMs);
    return () => clearInterval(timer);
  }, [load, active]);
  const settle = async (item: HeldDanmaku, approve: boolean) => {
    try {
      await (approve ? hostApi.approve(roomId, item.heldId) : hostApi.refuse(roomId, item.heldId));
      settled.current.add(item.heldId);
    } catch (problem) {
      // Somebody else was quicker: it waits no more, which the next look shows.
      if (codeOf(problem) !== "not_found") setError(text(errorKey(codeOf(problem))));
    }
    await load();
  };
  return active ? { ...queue, error, settle } : { items: [], total: 0, error: "", settle };
}

export function ReviewTab({ review, hold }: { review: Review; hold: HoldMode }) {
  const t = useTexts();
  return (
    <div class="console-stack">
      <p class="card-facts">{t(`review.mode.${hold}`)}</p>
      <FormError text={review.error} />
      {review.items.length === 0 && <p class="card-empty">{t("review.empty")}</p>}
      <ol class="review-list">
        {review.items.map((item) => (
          <HeldItem key={item.heldId} item={item} onSettle={(approve) => review.settle(item, approve)} />
        ))}
      </ol>
      {review.total > review.items.length && (
        <p class="card-facts">{t("review.more", { n: review.total - review.items.length })}</p>
      )}
    </div>
  );
}

function HeldItem({ item, onSettle }: { item: HeldDanmaku; onSettle: (approve: boolean) => Promise<void> }) {
  const t = useTexts();
  const [busy, setBusy] = useState(false);
  const settle = async (approve: boolean) => {
    setBusy(true);
    await onSettle(approve);
    setBusy(false);
  };
  return (
    <li class="review-item" data-testid="held-item">
      <p class="question-from">
        <Avatar id={item.userId} name={item.name} />
        {item.name}
        <span class="tag soft">{t(`review.reason.${item.reason}`)}</span>
      </p>
      <p class="review-text">{item.text}</p>
      <div class="form-buttons">
        <button
          type="button"
          class="button quiet small"
          disabled={busy}
          aria-label={t("review.refuseIt", { text: item.text })}
          onClick={() => void settle(false)}
          data-testid="refuse"
        >
          {t("review.refuse")}
        </button>
        <button
          type="button"
          class="button primary small"
          disabled={busy}
          aria-label={t("review.approveIt", { text: item.text })}
          onClick={() => void settle(true)}
          data-testid="approve"
        >
          {t("review.approve")}
        </button>
      </div>
    </li>
  );
}
