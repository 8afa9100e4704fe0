import { MailX } from "lucide-react";
import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { AuthPanel } from "@/components/auth/auth-panel";
import { InvitationOfferPanel, OpenInvitation } from "@/components/auth/invitation";
import { ClientMessages } from "@/components/shell/client-messages";
import { MessagePage } from "@/components/shell/plain-page";
import { SubmitButton } from "@/components/ui/submit-button";
import { setAsideAction } from "@/lib/actions/invitation";
import { keptInvitation } from "@/lib/auth/cookies";
import { currentPerson } from "@/lib/auth/current-actor";
import { Refusal } from "@/lib/domain/errors";
import { readInvitation } from "@/lib/services/members/accept-invitation";

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("invitation");
  return { title: t("title") };
}

/** What the kept token offers; null when it is not good any more. */
async function offerOf(token: string) {
  try {
    return await readInvitation({ token });
  } catch (error) {
    if (error instanceof Refusal) return null;
    throw error;
  }
}

export default async function InvitationPage() {
  const [token, person, t, errors] = await Promise.all([
    keptInvitation(),
    currentPerson(),
    getTranslations("invitation"),
    getTranslations("errors.code"),
  ]);
  if (token === null) {
    return (
      <AuthPanel title={t("title")} lede={t("open.lede")}>
        <ClientMessages of={["invitation"]}>
          <OpenInvitation />
        </ClientMessages>
      </AuthPanel>
    );
  }
  const offer = await offerOf(token);
  return (
    <ClientMessages of={["invitation"]}>
      <OpenInvitation hidden />
      {offer ? (
        <InvitationOfferPanel offer={offer} signedInAs={person?.email ?? null} />
      ) : (
        <MessagePage icon={MailX} title={t("invalid.title")} text={errors("invitation_invalid")}>
          <form action={setAsideAction}>
            <SubmitButton>{t("invalid.action")}</SubmitButton>
          </form>
        </MessagePage>
      )}
    </ClientMessages>
  );
}
