import { MailX } from "lucide-react";
import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { AuthLink, AuthPanel } from "@/components/auth/auth-panel";
import { ForgotForm } from "@/components/auth/mail-link-forms";
import { MessagePage } from "@/components/shell/plain-page";
import { ButtonLink } from "@/components/ui/link";
import { sendsMail } from "@/lib/services/mail/queue";

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("auth.forgot");
  return { title: t("title") };
}

export default async function ForgotPage() {
  const t = await getTranslations("auth.forgot");
  if (!sendsMail()) {
    return (
      <MessagePage icon={MailX} title={t("offTitle")} text={t("offText")}>
        <ButtonLink href="/login" variant="primary">
          {t("toLogin")}
        </ButtonLink>
      </MessagePage>
    );
  }
  return (
    <AuthPanel title={t("title")} lede={t("lede")} foot={<AuthLink href="/login">{t("toLogin")}</AuthLink>}>
      <ForgotForm />
    </AuthPanel>
  );
}
