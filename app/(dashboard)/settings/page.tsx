import type { Metadata } from "next";
import { cookies } from "next/headers";
import { getTranslations } from "next-intl/server";
import { AppearanceCard } from "@/components/settings/appearance-card";
import { ProfileCard } from "@/components/settings/profile-card";
import { SessionsCard } from "@/components/settings/sessions-card";
import { parseTheme, themeCookie } from "@/components/shell/theme";
import { PageHeader } from "@/components/ui/page-header";
import { requireActor } from "@/lib/auth/current-actor";
import { listSessions } from "@/lib/services/session/list";
import { chooseTheme } from "../../actions";
import { signOutAction } from "../actions";
import { endOtherSessionsAction, endSessionAction } from "./actions";

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("settings");
  return { title: t("title") };
}

export default async function SettingsPage() {
  const actor = await requireActor();
  const sessions = await listSessions(actor);
  const t = await getTranslations("settings");
  const theme = parseTheme((await cookies()).get(themeCookie)?.value);
  return (
    <>
      <PageHeader
        title={t("title")}
        lede={t(sessions.length > 1 ? "lede.many" : "lede.one", { count: sessions.length })}
      />
      <div className="grid gap-5">
        <ProfileCard
          email={actor.email}
          accountName={actor.accountName}
          role={actor.role}
          signOut={signOutAction}
        />
        <SessionsCard sessions={sessions} endSession={endSessionAction} endOthers={endOtherSessionsAction} />
        <AppearanceCard theme={theme} chooseTheme={chooseTheme} />
      </div>
    </>
  );
}
