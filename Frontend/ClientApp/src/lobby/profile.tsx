import { useEffect, useState } from "preact/hooks";
import { countText, text, useTexts } from "../i18n";
import { errorKey } from "../i18n/verdict-text";
import { lengthOf, maxNameLength, maxSignatureLength } from "../room/text";
import { Avatar } from "../shell/avatar";
import { Field } from "../shell/field";
import { usePage } from "../shell/page";
import { navigate } from "../shell/router";
import { requireSession } from "../shell/sign-in";
import { useStore } from "../shell/store";
import { toast } from "../shell/toast";
import { api } from "../wire/api";
import { codeOf } from "../wire/problem";
import { logOut, renamed, session } from "../wire/session";
import type { Profile } from "../wire/types";

export function ProfilePage() {
  const t = useTexts();
  const heading = usePage(t("profile.title"));
  const userId = useStore(session)?.userId;
  return (
    <main id="main" class="profile">
      <h1 ref={heading} tabIndex={-1}>
        {t("profile.title")}
      </h1>
      {userId ? (
        <OwnProfile key={userId} />
      ) : (
        <div class="empty">
          <h2>{t("profile.signIn")}</h2>
          <button type="button" class="button primary" onClick={() => void requireSession()}>
            {t("auth.open")}
          </button>
        </div>
      )}
    </main>
  );
}

function OwnProfile() {
  const t = useTexts();
  const [profile, setProfile] = useState<Profile | null>(null);
  const [error, setError] = useState("");
  const load = () => {
    setError("");
    api.me().then(setProfile, (problem: unknown) => setError(text(errorKey(codeOf(problem)))));
  };
  useEffect(load, []);
  if (error) {
    return (
      <div class="empty">
        <p role="alert">{error}</p>
        <button type="button" class="button quiet" onClick={load}>
          {t("app.retry")}
        </button>
      </div>
    );
  }
  if (!profile)
    return (
      <div class="panel" role="status" aria-label={t("app.loading")}>
        <div class="skeleton line" />
        <div class="skeleton block" />
      </div>
    );
  const leave = async () => {
    await logOut();
    navigate("/");
  };
  const numbers: [string, number][] = [
    [t("profile.followers"), profile.followers],
    [t("profile.following"), profile.following],
    [t("profile.likes"), profile.likesReceived],
  ];
  return (
    <div class="panel">
      <div class="profile-head">
        <Avatar id={profile.userId} name={profile.name} size="large" />
        <div>
          <p class="profile-name">{profile.name}</p>
          <dl class="profile-numbers">
            {numbers.map(([label, value]) => (
              <div key={label}>
                <dt>{label}</dt>
                <dd>{countText(value)}</dd>
              </div>
            ))}
          </dl>
        </div>
      </div>
      <ProfileForm profile={profile} onSaved={setProfile} />
      <button type="button" class="button quiet wide" onClick={() => void leave()} data-testid="log-out">
        {t("auth.logout")}
      </button>
    </div>
  );
}

function ProfileForm({ profile, onSaved }: { profile: Profile; onSaved: (profile: Profile) => void }) {
  const t = useTexts();
  const [name, setName] = useState(profile.name);
  const [signature, setSignature] = useState(profile.signature ?? "");
  const [error, setError] = useState("");
  const [busy, setBusy] = useState(false);
  const valid = lengthOf(name) > 0 && lengthOf(name) <= maxNameLength && lengthOf(signature) <= maxSignatureLength;
  const submit = async (event: Event) => {
    event.preventDefault();
    setBusy(true);
    setError("");
    try {
      const saved = await api.editMe({ name: name.trim(), signature: signature.trim() });
      renamed(saved.name);
      onSaved(saved);
      toast(text("app.saved"));
    } catch (problem) {
      setError(text(errorKey(codeOf(problem))));
    } finally {
      setBusy(false);
    }
  };
  return (
    <form class="form" onSubmit={submit}>
      <Field
        label={t("profile.name")}
        value={name}
        onChange={setName}
        max={maxNameLength}
        autocomplete="nickname"
        testId="profile-name"
      />
      <Field
        label={t("profile.signature")}
        value={signature}
        onChange={setSignature}
        max={maxSignatureLength}
        rows={3}
        placeholder={t("profile.signaturePlaceholder")}
        testId="profile-signature"
      />
      <p class="form-error" role="alert">
        {error}
      </p>
      <button type="submit" class="button primary wide" disabled={!valid || busy}>
        {t("app.save")}
      </button>
    </form>
  );
}
