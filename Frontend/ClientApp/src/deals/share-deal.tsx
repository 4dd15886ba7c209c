import { useEffect, useRef, useState } from "preact/hooks";
import { dealAddress } from "../groups/mentions";
import { text, useTexts } from "../i18n";
import { errorKey } from "../i18n/verdict-text";
import type { RoomSession } from "../room/room-session";
import { newKey } from "../room/text";
import { Avatar } from "../shell/avatar";
import { copy } from "../shell/clipboard";
import { Dialog } from "../shell/dialog";
import { FormError } from "../shell/form-parts";
import { ShareIcon } from "../shell/icons";
import { requireSession } from "../shell/sign-in";
import { useWork } from "../shell/work";
import { groupApi } from "../wire/group-api";
import type { ListedGroup } from "../wire/group-types";
import type { Deal } from "../wire/deal-types";

interface ShareDealProps {
  stay: Pick<RoomSession, "shareDeal">;
  deal: Deal;
}

/** Shows a deal in one of one's chats. */
export function ShareDeal({ stay, deal }: ShareDealProps) {
  const t = useTexts();
  const [open, setOpen] = useState(false);
  const begin = async () => {
    if (await requireSession()) setOpen(true);
  };
  return (
    <>
      <button type="button" class="mini-button" onClick={() => void begin()} data-testid="deal-share">
        <ShareIcon /> {t("deal.share")}
      </button>
      {open && <ShareDialog stay={stay} deal={deal} onClose={() => setOpen(false)} />}
    </>
  );
}

function ShareDialog({ stay, deal, onClose }: ShareDealProps & { onClose: () => void }) {
  const t = useTexts();
  const [chats, setChats] = useState<readonly ListedGroup[] | null>(null);
  const [sent, setSent] = useState<ReadonlySet<string>>(new Set());
  const keys = useRef(new Map<string, string>());
  const { busy, error, run, setError } = useWork();
  useEffect(() => {
    void run(async () => setChats(await groupApi.mine()));
  }, []);
  const share = (groupId: string) =>
    run(async () => {
      // The same key when it is pressed again: what was taken after all is not sent twice.
      const key = keys.current.get(groupId) ?? newKey();
      keys.current.set(groupId, key);
      const answer = await stay.shareDeal(groupId, deal.dealId, key);
      if (answer.status === "accepted") setSent((before) => new Set([...before, groupId]));
      else setError(text(answer.reason ? errorKey(answer.reason) : "verdict.unsent"));
    });
  return (
    <Dialog title={t("deal.shareTo")} text={deal.title} onClose={onClose}>
      {error && <FormError text={error} />}
      {chats?.length === 0 && <p>{t("deal.shareNone")}</p>}
      <ul class="people">
        {chats?.map((chat) => (
          <li key={chat.groupId}>
            <button
              type="button"
              class="person"
              aria-label={t("deal.shareIn", { name: chat.name })}
              disabled={busy || sent.has(chat.groupId)}
              onClick={() => void share(chat.groupId)}
              data-testid="share-chat"
              data-group-id={chat.groupId}
            >
              <Avatar id={chat.peerId ?? chat.groupId} name={chat.name} />
              <span>{chat.name}</span>
              {sent.has(chat.groupId) && <span role="status">{t("deal.shareSent")}</span>}
            </button>
          </li>
        ))}
      </ul>
      <button type="button" class="button" onClick={() => void copyLink(deal)} data-testid="share-copy">
        {t("room.share")}
      </button>
    </Dialog>
  );
}

/** The link becomes a card when it is sent in a chat. */
function copyLink(deal: Deal): Promise<void> {
  const address = dealAddress(location.origin, deal.roomId, deal.dealId);
  return copy(address, text("room.shared"), address);
}
