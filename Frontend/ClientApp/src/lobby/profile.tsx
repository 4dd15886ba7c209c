import { useEffect, useState } from "preact/hooks";
import { MySales } from "../deals/my-sales";
import { text, useTexts } from "../i18n";
import { lengthOf, maxNameLength, maxSignatureLength } from "../room/text";
import { Field } from "../shell/field";
import { Empty, FormEnd, Retry } from "../shell/form-parts";
import { usePage } from "../shell/page";
import { ProfileHead } from "../shell/profile-head";
import { navigate } from "../shell/router";
import { requireSession } from "../shell/sign-in";
import { useStore } from "../shell/store";
import { toast } from "../shell/toast";
import { useWork } from "../shell/work";
import { api } from "../wire/api";
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
        <Empty title={t("profile.signIn")}>
          <button type="button" class="button primary" onClick={() => void requireSession()}>
            {t("auth.open")}
          </button>
        </Empty>
      )}
    </main>
  );
}

function OwnProfile() {
  const t = useTexts();
  const [profile, setProfile] = useState<Profile | null>(null);
  const { error, run } = useWork();
  const load = () => void run(async () => setProfile(await api.me()));
  useEffect(load, []);
  if (error) return <Retry text={error} label={t("app.retry")} onRetry={load} />;
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
  return (
    <div class="panel">
      <ProfileHead profile={profile} />
      <MySales />
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
  const { busy, error, run } = useWork();
  const valid = lengthOf(name) > 0 && lengthOf(name) <= maxNameLength && lengthOf(signature) <= maxSignatureLength;
  const submit = async (event: Event) => {
    event.preventDefault();
    await run(async () => {
      const saved = await api.editMe({ name: name.trim(), signature: signature.trim() });
      renamed(saved.name);
      onSaved(saved);
      toast(text("app.saved"));
    });
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
      <FormEnd error={error} label={t("app.save")} disabled={!valid || busy} />
    </form>
  );
}
