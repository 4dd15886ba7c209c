import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";
import { useTexts } from "../i18n";
import { Dialog } from "../shell/dialog";
import { Retry } from "../shell/form-parts";
import { CloseIcon } from "../shell/icons";
import { useWork } from "../shell/work";
import { groupApi } from "../wire/group-api";
import type { Digest, Message } from "../wire/group-types";
import type { ChatView } from "./chat-view";
import { FoundLine } from "./find";

interface DigestBannerProps {
  view: ChatView;
  onGoTo: (seq: number) => void;
}

/** How much was said while one was away, and a way to have it in short. */
export function DigestBanner({ view, onGoTo }: DigestBannerProps) {
  const t = useTexts();
  const [state, setState] = useState<"shown" | "open" | "gone">("shown");
  if (state === "gone") return null;
  const goTo = (seq: number) => {
    setState("gone");
    onGoTo(seq);
  };
  return (
    <div class="digest-banner" data-testid="digest-banner">
      <span>{t("digest.banner", { n: view.missed })}</span>
      <button type="button" class="mini-button" onClick={() => setState("open")} data-testid="digest-open">
        {t("digest.open")}
      </button>
      <button type="button" class="icon-button" aria-label={t("app.close")} onClick={() => setState("gone")}>
        <CloseIcon />
      </button>
      {state === "open" && (
        <DigestDialog groupId={view.groupId!} since={view.openedAt} onGoTo={goTo} onClose={() => setState("gone")} />
      )}
    </div>
  );
}

interface DigestDialogProps {
  groupId: string;
  since: number;
  onGoTo: (seq: number) => void;
  onClose: () => void;
}

function DigestDialog({ groupId, since, onGoTo, onClose }: DigestDialogProps) {
  const t = useTexts();
  const [digest, setDigest] = useState<Digest | null>(null);
  const { error, run } = useWork();
  const load = () => void run(async () => setDigest(await groupApi.digest(groupId, since)));
  useEffect(load, [groupId, since]);
  return (
    <Dialog title={t("digest.title")} onClose={onClose}>
      {error && <Retry text={error} label={t("app.retry")} onRetry={load} />}
      {!digest && !error && <div class="skeleton block" role="status" aria-label={t("app.loading")} />}
      {digest && <DigestParts digest={digest} onGoTo={onGoTo} />}
    </Dialog>
  );
}

function DigestParts({ digest, onGoTo }: { digest: Digest; onGoTo: (seq: number) => void }) {
  const t = useTexts();
  const nothing =
    digest.mentions.length + digest.mostReacted.length + digest.questions.length + digest.links.length === 0;
  return (
    <div class="digest" data-testid="digest">
      <p class="dialog-text">
        {t("digest.count", { n: digest.messages })}
        {!digest.isWhole && ` · ${t("digest.part")}`}
      </p>
      {digest.summary && <p>{digest.summary}</p>}
      {digest.senders.length > 0 && (
        <p class="card-facts">
          {t("digest.senders", {
            list: digest.senders.map((one) => t("digest.sender", { name: one.name, n: one.messages })).join(" · "),
          })}
        </p>
      )}
      <Lines title={t("digest.mentions")} messages={digest.mentions} onGoTo={onGoTo} />
      <Lines title={t("digest.reacted")} messages={digest.mostReacted} onGoTo={onGoTo} />
      <Lines title={t("digest.questions")} messages={digest.questions} onGoTo={onGoTo} />
      {digest.links.length > 0 && (
        <Part title={t("digest.links")}>
          <ul class="found-list">
            {digest.links.map((link) => (
              <li key={`${link.seq}-${link.url}`}>
                <a class="found link" href={link.url} target="_blank" rel="noopener noreferrer nofollow">
                  {link.url}
                </a>
              </li>
            ))}
          </ul>
        </Part>
      )}
      {nothing && <p class="card-facts">{t("digest.nothing")}</p>}
    </div>
  );
}

function Part({ title, children }: { title: string; children: ComponentChildren }) {
  return (
    <section class="digest-part">
      <h3>{title}</h3>
      {children}
    </section>
  );
}

interface LinesProps {
  title: string;
  messages: readonly Message[];
  onGoTo: (seq: number) => void;
}

function Lines({ title, messages, onGoTo }: LinesProps) {
  if (messages.length === 0) return null;
  return (
    <Part title={title}>
      <ol class="found-list">
        {messages.map((message) => (
          <li key={message.seq}>
            <FoundLine message={message} onGoTo={onGoTo} />
          </li>
        ))}
      </ol>
    </Part>
  );
}
