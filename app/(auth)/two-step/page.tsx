import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { getTranslations } from "next-intl/server";
import { AuthLink, AuthPanel } from "@/components/auth/auth-panel";
import { SetUpPasskey } from "@/components/passkeys/add-passkey";
import { ClientMessages } from "@/components/shell/client-messages";
import { ProofProvider } from "@/components/shell/proof";
import { SetUpTotp } from "@/components/two-step/set-up-totp";
import { ButtonLink } from "@/components/ui/link";
import { SubmitButton } from "@/components/ui/submit-button";
import { WrapText } from "@/components/ui/text";
import { signOutAction } from "@/lib/actions/sign-in";
import { currentActor } from "@/lib/auth/current-actor";
import { providerName } from "@/lib/auth/single-sign-on";
import { passkeyObstacle } from "@/lib/auth/urls";
import { canProveAtProvider } from "@/lib/services/identities/sign-in-with-identity";
import { readTwoStep } from "@/lib/services/two-step/two-step";

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("twoStep.must");
  return { title: t("title") };
}

/**
 * Where a member ends up of whom two-step sign-in is required, until it is set up. It does not lead away by
 * itself once that is done: the recovery codes are being shown on it.
 */
export default async function SetUpTwoStepPage() {
  const actor = await currentActor();
  if (!actor) redirect("/login");
  const { required, requiredByServer } = await readTwoStep(actor);
  if (!required) redirect("/settings");
  const missing = actor.twoStepMissing;
  const why = requiredByServer ? "ledeByServer" : "lede";
  const lede = missing ? why : "doneLede";
  const t = await getTranslations("twoStep.must");
  const setUp = await getTranslations("twoStep.setUp");
  const shell = await getTranslations("common");
  return (
    <ClientMessages of={["passkeys", "twoStep"]}>
      <ProofProvider
        // Who has a second factor has nothing to prove here any more.
        ways={{
          passkey: false,
          code: null,
          provider: (await canProveAtProvider(actor)) ? providerName() : null,
        }}
        email={actor.email}
      >
        <AuthPanel
          title={t(missing ? "title" : "doneTitle")}
          lede={t(lede, { account: actor.accountName })}
          foot={missing && !requiredByServer && <AuthLink href="/accounts">{t("accounts")}</AuthLink>}
        >
          {!missing && (
            <ButtonLink href="/overview" variant="primary" className="w-full">
              {t("continue")}
            </ButtonLink>
          )}
          <SetUpTotp
            key="set-up"
            label={missing ? setUp("title") : null}
            variant="primary"
            replaces={false}
            email={actor.email}
            className="w-full"
          />
          <SetUpPasskey
            key="passkey"
            offered={missing && (await passkeyObstacle()) === null}
            email={actor.email}
          />
          <form action={signOutAction} className="mt-5 grid gap-2 border-line border-t pt-4 text-center">
            <p className="text-muted">
              <WrapText>{t("as", { email: actor.email })}</WrapText>
            </p>
            <SubmitButton variant="quiet">{shell("signOut")}</SubmitButton>
          </form>
        </AuthPanel>
      </ProofProvider>
    </ClientMessages>
  );
}
