import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { otherSignInAction, setAsideAction } from "@/lib/actions/invitation";
import type { InvitationOffer as Offer } from "@/lib/domain/membership";
import { AuthPanel } from "../shell/plain-page";
import { ButtonLink } from "../ui/button";
import { Notice } from "../ui/status";
import { SubmitButton } from "../ui/submit-button";
import { AcceptForm, JoinForm } from "./invitation-forms";

interface InvitationOfferProps {
  readonly offer: Offer;
  /** Address of the one signed in; null for nobody. */
  readonly signedInAs: string | null;
}

/** What an invitation offers and the one way to take it, which depends on who is there. */
export function InvitationOffer({ offer, signedInAs }: InvitationOfferProps) {
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
          <JoinForm email={email} />
        )
      ) : signedInAs === email ? (
        <AcceptForm />
      ) : (
        <div className="grid gap-3">
          <Notice tone="warn" title={t.rich("elsewhere.title", { email, b })}>
            <span className="wrap-anywhere">{t("elsewhere.text", { you: signedInAs })}</span>
          </Notice>
          <form action={otherSignInAction} className="grid">
            <SubmitButton>{t("elsewhere.switch")}</SubmitButton>
          </form>
          <form action={setAsideAction} className="grid">
            <SubmitButton variant="secondary">{t("elsewhere.stay")}</SubmitButton>
          </form>
        </div>
      )}
    </AuthPanel>
  );
}
