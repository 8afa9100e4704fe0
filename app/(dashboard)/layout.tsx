import { cookies } from "next/headers";
import { NextIntlClientProvider } from "next-intl";
import { getMessages, getTranslations } from "next-intl/server";
import type { ReactNode } from "react";
import { ProofProvider } from "@/components/shell/proof-dialog";
import { Shell } from "@/components/shell/shell";
import { parseTheme, themeCookie } from "@/components/shell/theme";
import { UserMenu } from "@/components/shell/user-menu";
import { requireActor } from "@/lib/auth/current-actor";
import { chooseTheme } from "../actions";
import { proveAction, signOutAction } from "./actions";

/** The frame around every page of someone signed in. */
export default async function DashboardLayout({ children }: { readonly children: ReactNode }) {
  const actor = await requireActor();
  const t = await getTranslations("common");
  const { common, errors, instances, preflight, security, settings } = await getMessages();
  return (
    // What client components say. The rest of the catalogue stays on the server.
    <NextIntlClientProvider messages={{ common, errors, instances, preflight, security, settings }}>
      <ProofProvider prove={proveAction} email={actor.email}>
        <Shell
          app={t("app")}
          skip={t("skip")}
          userMenu={
            <UserMenu
              accountName={actor.accountName}
              email={actor.email}
              role={actor.role}
              theme={parseTheme((await cookies()).get(themeCookie)?.value)}
              chooseTheme={chooseTheme}
              signOut={signOutAction}
            />
          }
        >
          {children}
        </Shell>
      </ProofProvider>
    </NextIntlClientProvider>
  );
}
