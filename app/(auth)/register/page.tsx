import { Lock } from "lucide-react";
import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { getTranslations } from "next-intl/server";
import type { ReactNode } from "react";
import { AuthLink, AuthPanel } from "@/components/auth/auth-panel";
import { RegisterForm } from "@/components/auth/register-form";
import { MessagePage } from "@/components/shell/plain-page";
import { ButtonLink } from "@/components/ui/link";
import { Notice } from "@/components/ui/status";
import { currentActor, currentPerson } from "@/lib/auth/current-actor";
import { config } from "@/lib/config";
import { registrationState } from "@/lib/services/account/register";

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("auth.register");
  return { title: t("title") };
}

export default async function RegisterPage() {
  if (await currentPerson()) redirect((await currentActor()) ? "/overview" : "/accounts");
  const t = await getTranslations("auth.register");
  const state = await registrationState();
  if (state === "closed") {
    return (
      <MessagePage icon={Lock} title={t("closedTitle")} text={t("closedText")}>
        <ButtonLink href="/login" variant="primary">
          {t("toLogin")}
        </ButtonLink>
      </MessagePage>
    );
  }
  const link = (text: ReactNode) => <AuthLink href="/login">{text}</AuthLink>;
  return (
    <AuthPanel
      title={t("title")}
      lede={t(`lede.${state}`)}
      foot={state === "open" && t.rich("login", { link })}
    >
      <RegisterForm />
      {state === "first" && config().registration === "closed" && (
        <Notice tone="idle" className="mt-5">
          {t("firstNote")}
        </Notice>
      )}
    </AuthPanel>
  );
}
