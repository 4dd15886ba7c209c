import { useState } from "preact/hooks";
import { text, useTexts } from "../i18n";
import { lengthOf, maxNameLength } from "../room/text";
import { logIn, register, rememberedNickname, session, signInAsGuest } from "../wire/session";
import { Dialog } from "./dialog";
import { Field } from "./field";
import { FormEnd } from "./form-parts";
import { Store, useStore } from "./store";
import { useWork } from "./work";

type Way = "guest" | "login" | "register";

const prompt = new Store<((signedIn: boolean) => void) | null>(null);

/** Completes with true when somebody is signed in, after asking if need be; false when the dialog was closed. */
export function requireSession(): Promise<boolean> {
  if (session.value) return Promise.resolve(true);
  prompt.value?.(false);
  return new Promise((resolve) => {
    prompt.set((signedIn) => {
      prompt.set(null);
      resolve(signedIn);
    });
  });
}

export function SignInPrompt() {
  const answer = useStore(prompt);
  return answer && <SignInDialog onDone={answer} />;
}

const suggestion = () => text("auth.suggestion", { n: 1000 + Math.floor(Math.random() * 9000) });

function SignInDialog({ onDone }: { onDone: (signedIn: boolean) => void }) {
  const t = useTexts();
  const [way, setWay] = useState<Way>("guest");
  const ways: [Way, string][] = [
    ["guest", t("auth.guestTab")],
    ["login", t("auth.loginTab")],
    ["register", t("auth.registerTab")],
  ];
  return (
    <Dialog title={t("auth.title")} text={way === "guest" ? t("auth.text") : ""} onClose={() => onDone(false)}>
      <div class="segments" role="group" aria-label={t("auth.ways")}>
        {ways.map(([key, label]) => (
          <button key={key} type="button" class="segment" aria-pressed={way === key} onClick={() => setWay(key)}>
            {label}
          </button>
        ))}
      </div>
      <SignInForm key={way} way={way} onDone={() => onDone(true)} />
    </Dialog>
  );
}

function SignInForm({ way, onDone }: { way: Way; onDone: () => void }) {
  const t = useTexts();
  const [name, setName] = useState(() => rememberedNickname() || suggestion());
  const [handle, setHandle] = useState("");
  const [password, setPassword] = useState("");
  const { busy, error, run } = useWork();
  const submit = async (event: Event) => {
    event.preventDefault();
    if (busy) return;
    const done = await run(async () => {
      if (way === "guest") await signInAsGuest(name.trim());
      else if (way === "login") await logIn(handle.trim(), password);
      else await register(handle.trim(), password, name.trim());
    });
    if (done) onDone();
  };
  const named = way !== "login";
  const fresh = way === "register";
  const ready =
    (!named || (lengthOf(name) > 0 && lengthOf(name) <= maxNameLength)) &&
    (way === "guest" || (handle.trim() !== "" && password !== ""));
  const labels = { guest: t("auth.enter"), login: t("auth.login"), register: t("auth.register") };
  return (
    <form class="form" onSubmit={submit}>
      {way !== "guest" && (
        <>
          <Field
            label={t("auth.handle")}
            value={handle}
            onChange={setHandle}
            autocomplete="username"
            first
            testId="handle"
            {...(fresh ? { hint: t("auth.handleHint") } : {})}
          />
          <Field
            label={t("auth.password")}
            value={password}
            onChange={setPassword}
            type="password"
            testId="password"
            autocomplete={fresh ? "new-password" : "current-password"}
            {...(fresh ? { hint: t("auth.passwordHint") } : {})}
          />
        </>
      )}
      {named && (
        <Field
          label={way === "guest" ? t("auth.nickname") : t("auth.displayName")}
          value={name}
          onChange={setName}
          max={maxNameLength}
          placeholder={t("auth.nicknamePlaceholder")}
          autocomplete="nickname"
          first={way === "guest"}
          testId="nickname"
          select
        />
      )}
      <FormEnd error={error} label={labels[way]} disabled={!ready || busy} testId="sign-in-submit" />
    </form>
  );
}
