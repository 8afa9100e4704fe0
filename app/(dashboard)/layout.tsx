import { cookies } from "next/headers";
import { getTranslations } from "next-intl/server";
import type { ReactNode } from "react";
import { AccountWatch, Presence } from "@/components/shell/presence";
import { ProofProvider } from "@/components/shell/proof";
import type { ProofWays } from "@/components/shell/proof-dialog";
import { Shell } from "@/components/shell/shell";
import { UserMenu } from "@/components/shell/user-menu";
import { requireActor } from "@/lib/auth/current-actor";
import { providerName } from "@/lib/auth/single-sign-on";
import { passkeyObstacle } from "@/lib/auth/urls";
import type { Actor } from "@/lib/domain/actor";
import { parseTheme, themeCookie } from "@/lib/domain/preferences";
import { listOwnAccounts } from "@/lib/services/account/account";
import { canProveAtProvider } from "@/lib/services/identities/sign-in-with-identity";
import { proofFactors } from "@/lib/services/session/prove";

/** With what the actor can prove who they are, on this page. */
async function proofWays(actor: Actor): Promise<ProofWays> {
  const factors = await proofFactors(actor);
  const passkey = factors.includes("passkey") && (await passkeyObstacle()) === null;
  const provider = (await canProveAtProvider(actor)) ? providerName() : null;
  if (factors.length === 0) return { passkey, code: null, provider };
  return { passkey, provider, code: factors.includes("totp") ? "totp" : "recovery_code" };
}

/** The frame around every page of someone signed in. */
export default async function DashboardLayout({ children }: { readonly children: ReactNode }) {
  const actor = await requireActor();
  const t = await getTranslations("common");
  return (
    <ProofProvider ways={await proofWays(actor)} email={actor.email}>
      <Shell
        app={t("app")}
        skip={t("skip")}
        userMenu={
          <UserMenu
            accountId={actor.accountId}
            accountName={actor.accountName}
            accounts={await listOwnAccounts(actor)}
            email={actor.email}
            role={actor.role}
            theme={parseTheme((await cookies()).get(themeCookie)?.value)}
          />
        }
      >
        {children}
        <Presence />
        <AccountWatch key={actor.accountId} accountId={actor.accountId} accountName={actor.accountName} />
      </Shell>
    </ProofProvider>
  );
}
