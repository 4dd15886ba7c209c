import { priceText } from "../deals/price";
import { useTexts } from "../i18n";
import type { RoomView } from "../room/room-view";
import { PinIcon } from "../shell/icons";

interface PinnedProps {
  view: RoomView;
  onOpen: (card: string) => void;
}

/** What is pinned to the top: a text, or a poll, question or deal that a press opens. */
export function Pinned({ view, onOpen }: PinnedProps) {
  const t = useTexts();
  const { pinned } = view;
  if (!pinned) return null;
  const poll = pinned.pollId ? view.polls.find((other) => other.pollId === pinned.pollId) : undefined;
  const question = pinned.questionId
    ? view.questions.find((other) => other.questionId === pinned.questionId)
    : undefined;
  const deal = pinned.dealId ? view.deals.find((other) => other.dealId === pinned.dealId) : undefined;
  const words =
    pinned.text ??
    poll?.question ??
    question?.text ??
    (deal && `${deal.title} ${priceText(deal.price)}`) ??
    t("pin.thing");
  const target = poll
    ? `poll:${poll.pollId}`
    : deal
      ? `deal:${deal.dealId}`
      : pinned.questionId
        ? "questions"
        : null;
  const label = (
    <>
      <PinIcon />
      <span class="unseen">{t("room.pinned")}</span>
      <span class="pinned-words">{words}</span>
    </>
  );
  return target === null ? (
    <p class="pinned" data-testid="pinned">
      {label}
    </p>
  ) : (
    <button type="button" class="pinned" onClick={() => onOpen(target)} data-testid="pinned">
      {label}
    </button>
  );
}
