import { getTranslations } from "next-intl/server";
import type { ReactNode } from "react";
import { ClientMessages } from "@/components/shell/client-messages";
import { LanguageChoice } from "@/components/shell/language-choice";
import { PlainPage } from "@/components/shell/plain-page";

/** The frame of the pages for those who are not signed in. */
export default async function AuthLayout({ children }: { readonly children: ReactNode }) {
  const t = await getTranslations("common");
  return (
    <PlainPage app={t("app")} foot={<LanguageChoice />}>
      <ClientMessages of={["auth"]}>{children}</ClientMessages>
    </PlainPage>
  );
}
