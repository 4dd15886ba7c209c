import { useEffect, useRef, useState } from "preact/hooks";
import { text, useTexts } from "../i18n";
import { FormError } from "../shell/form-parts";
import { CheckIcon, CloseIcon } from "../shell/icons";
import { useWork } from "../shell/work";
import { roomApi } from "../wire/room-api";
import type { Draw } from "../wire/types";
import { canVerify, verifyDraw, type Proof } from "./draw-proof";

/** Ids in one call for the entrant list: the most the server gives. */
const pageSize = 5_000;

/**
 * What proves a draw, and a button that recomputes it here, from the list that everybody can fetch. Before the result
 * there is only the commitment: that it was there before is what the proof rests on.
 */
export function DrawProofPanel({ roomId, draw }: { roomId: string; draw: Draw }) {
  const t = useTexts();
  const [proof, setProof] = useState<Proof | null>(null);
  const [fetched, setFetched] = useState(0);
  const { busy, error, run } = useWork();
  const result = useRef<HTMLDivElement>(null);
  // The card is short on a phone: what came out should not have to be looked for.
  useEffect(() => {
    if (proof) result.current?.scrollIntoView({ block: "nearest" });
  }, [proof]);
  const verify = () =>
    run(async () => {
      setProof(null);
      // The draw as the server publishes it now, not as this page was told: that is what others can check as well.
      const published = await roomApi.draw(roomId, draw.drawId);
      setProof(await verifyDraw(published, await allEntrants(roomId, draw.drawId, setFetched)));
    });
  return (
    <details class="proof" data-testid="draw-proof">
      <summary>{t(draw.seed ? "proof.title" : "proof.promise")}</summary>
      <p class="card-facts">{t(draw.seed ? "proof.text" : "proof.promiseText")}</p>
      <dl class="proof-facts">
        <Fact name={t("proof.commitment")} value={draw.commitment} testId="proof-commitment" />
        {draw.seed && <Fact name={t("proof.seed")} value={draw.seed} testId="proof-seed" />}
        {draw.entrantsHash && <Fact name={t("proof.list")} value={draw.entrantsHash} testId="proof-list" />}
      </dl>
      {draw.seed && (
        <button
          type="button"
          class="button quiet wide"
          disabled={busy || !canVerify()}
          onClick={() => void verify()}
          data-testid="draw-verify"
        >
          {busy ? t("proof.busy", { n: fetched, all: draw.entrants }) : t("proof.verify")}
        </button>
      )}
      {draw.seed && !canVerify() && <p class="card-facts">{t("proof.insecure")}</p>}
      <FormError text={error} />
      <div role="status" ref={result}>
        {proof && <Steps proof={proof} />}
      </div>
    </details>
  );
}

function Fact({ name, value, testId }: { name: string; value: string; testId: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd class="hash" data-testid={testId}>
        {value}
      </dd>
    </div>
  );
}

function Steps({ proof }: { proof: Proof }) {
  const t = useTexts();
  return (
    <div class={`proof-result ${proof.holds ? "good" : "bad"}`} data-testid="proof-result" data-holds={proof.holds}>
      <p>{t(proof.holds ? "proof.holds" : "proof.fails")}</p>
      <ul>
        {proof.steps.map(({ step, holds }) => (
          <li key={step} class={holds ? "good" : "bad"}>
            {holds ? <CheckIcon /> : <CloseIcon />}
            <span class="unseen">{t(holds ? "proof.yes" : "proof.no")}</span>
            {text(`proof.step.${step}`)}
          </li>
        ))}
      </ul>
    </div>
  );
}

async function allEntrants(roomId: string, drawId: string, progress: (count: number) => void): Promise<string[]> {
  const ids: string[] = [];
  let after: string | null = null;
  do {
    const page: { items: string[]; next?: string | null } = await roomApi.entrants(roomId, drawId, after, pageSize);
    for (const id of page.items) ids.push(id);
    after = page.next ?? null;
    progress(ids.length);
  } while (after !== null);
  return ids;
}
