import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { SettingsGroup, SettingsNavigation } from "@/components/settings/settings-layout";
import { ClientMessages } from "@/components/shell/client-messages";
import { PageHeader } from "@/components/ui/card";
import { WrapText } from "@/components/ui/text";
import { requireActor } from "@/lib/auth/current-actor";
import { settingsGroups } from "./sections";

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("settings");
  return { title: t("title") };
}

export default async function SettingsPage() {
  const actor = await requireActor();
  const { accountName, email, role } = actor;
  const t = await getTranslations("settings");
  const groups = await Promise.all(
    settingsGroups.map(async ({ id, sections }) => {
      const isShown = await Promise.all(
        sections.map(
          async ({ roles, offered }) => (roles?.includes(role) ?? true) && (await (offered?.(actor) ?? true)),
        ),
      );
      return { id, sections: sections.filter((_, at) => isShown[at]) };
    }),
  );
  return (
    <ClientMessages of={["account", "members", "passkeys", "settings", "twoStep"]}>
      <PageHeader
        title={t("title")}
        lede={<WrapText>{t(`lede.${role}`, { account: accountName, email })}</WrapText>}
      />
      <div className="grid grid-cols-1 gap-6 xl:grid-cols-[10rem_minmax(0,1fr)] xl:gap-10">
        <SettingsNavigation
          accountName={accountName}
          groups={groups.map(({ id, sections }) => ({ id, sections: sections.map((each) => each.id) }))}
        />
        <div className="grid grid-cols-1 gap-10">
          {groups.map(({ id, sections }) => (
            <SettingsGroup key={id} id={id} accountName={accountName}>
              {sections.map(({ id: section, Section }) => (
                <Section key={section} />
              ))}
            </SettingsGroup>
          ))}
        </div>
      </div>
    </ClientMessages>
  );
}
