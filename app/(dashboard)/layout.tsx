import { cookies } from "next/headers";
import { NextIntlClientProvider } from "next-intl";
import { getMessages, getTranslations } from "next-intl/server";
import type { ReactNode } from "react";
import { AccountWatch } from "@/components/shell/account-watch";
import { Presence } from "@/components/shell/presence";
import { ProofProvider } from "@/components/shell/proof-dialog";
import { Shell } from "@/components/shell/shell";
import { parseTheme, themeCookie } from "@/components/shell/theme";
import { UserMenu } from "@/components/shell/user-menu";
import { requireActor } from "@/lib/auth/current-actor";
import { listOwnAccounts } from "@/lib/services/account/list-own";
import { enterAccountAction, reenterAccountAction } from "../(auth)/accounts/actions";
import { chooseTheme } from "../actions";
import { proveAction, signOutAction } from "./actions";

/** The frame around every page of someone signed in. */
export default async function DashboardLayout({ children }: { readonly children: ReactNode }) {
  const actor = await requireActor();
  const t = await getTranslations("common");
  const { account, addresses, common, errors, instances, members, preflight, security, settings, twoStep } =
    await getMessages();
  return (
    // What client components say. The rest of the catalogue stays on the server.
    <NextIntlClientProvider
      messages={{
        account,
        addresses,
        common,
        errors,
        instances,
        members,
        preflight,
        security,
        settings,
        twoStep,
      }}
    >
      <ProofProvider prove={proveAction} email={actor.email}>
        <Shell
          app={t("app")}
          skip={t("skip")}
          userMenu={
            <UserMenu
              accountId={actor.accountId}
              accountName={actor.accountName}
              accounts={await listOwnAccounts(actor)}
              enterAccount={enterAccountAction}
              email={actor.email}
              role={actor.role}
              theme={parseTheme((await cookies()).get(themeCookie)?.value)}
              chooseTheme={chooseTheme}
              signOut={signOutAction}
            />
          }
        >
          {children}
          <Presence />
          <AccountWatch
            key={actor.accountId}
            accountId={actor.accountId}
            accountName={actor.accountName}
            reenter={reenterAccountAction}
          />
        </Shell>
      </ProofProvider>
    </NextIntlClientProvider>
  );
}
