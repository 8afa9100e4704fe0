import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import type { InvitationOffer as Offer } from "@/lib/domain/membership";
import { AuthPanel } from "../auth/auth-panel";
import type { AuthAction } from "../auth/use-auth-form";
import { ButtonLink } from "../ui/button";
import { Notice } from "../ui/status";
import { SubmitButton } from "../ui/submit-button";
import { AcceptForm } from "./accept-form";
import { JoinForm } from "./join-form";

interface InvitationOfferProps {
  readonly offer: Offer;
  /** Address of the one signed in; null for nobody. */
  readonly signedInAs: string | null;
  readonly accept: AuthAction;
  readonly join: AuthAction;
  readonly otherSignIn: () => Promise<void>;
  readonly setAside: () => Promise<void>;
}

/** What an invitation offers and the one way to take it, which depends on who is there. */
export function InvitationOffer({ offer, signedInAs, ...ways }: InvitationOfferProps) {
  const t = useTranslations("invitation");
  const { accountName, email, role, invitedBy } = offer;
  const b = (chunks: ReactNode) => <b className="font-semibold text-text wrap-anywhere">{chunks}</b>;
  return (
    <AuthPanel
      title={<span className="wrap-anywhere">{t("join", { account: accountName })}</span>}
      lede={t.rich("lede", { inviter: invitedBy, role: t(`role.${role}`), email, b })}
    >
      {signedInAs === null ? (
        offer.known ? (
          <div className="grid gap-3">
            <p>{t.rich("known", { email, b })}</p>
            <ButtonLink href="/login?callbackUrl=/invitation" variant="primary">
              {t("signIn")}
            </ButtonLink>
          </div>
        ) : (
          <JoinForm action={ways.join} email={email} />
        )
      ) : signedInAs === email ? (
        <AcceptForm action={ways.accept} />
      ) : (
        <div className="grid gap-3">
          <Notice tone="warn" title={t.rich("elsewhere.title", { email, b })}>
            <span className="wrap-anywhere">{t("elsewhere.text", { you: signedInAs })}</span>
          </Notice>
          <form action={ways.otherSignIn} className="grid">
            <SubmitButton>{t("elsewhere.switch")}</SubmitButton>
          </form>
          <form action={ways.setAside} className="grid">
            <SubmitButton variant="secondary">{t("elsewhere.stay")}</SubmitButton>
          </form>
        </div>
      )}
    </AuthPanel>
  );
}
