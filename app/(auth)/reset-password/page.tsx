import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { AuthLink, AuthPanel } from "@/components/auth/auth-panel";
import { ResetPasswordForm } from "@/components/auth/mail-link-forms";

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("auth.reset");
  return { title: t("title") };
}

export default async function ResetPasswordPage() {
  const t = await getTranslations("auth.reset");
  return (
    <AuthPanel title={t("title")} lede={t("lede")} foot={<AuthLink href="/login">{t("toLogin")}</AuthLink>}>
      <ResetPasswordForm />
    </AuthPanel>
  );
}
