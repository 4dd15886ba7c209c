import { text } from "../i18n";

/** In the place of a card of something that is not there. */
export function Gone() {
  return <p class="chat-card gone">{text("chat.cardGone")}</p>;
}
