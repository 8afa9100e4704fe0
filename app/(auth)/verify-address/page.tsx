import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { AddressForm } from "@/components/auth/mail-link-forms";
import { AuthPanel } from "@/components/shell/plain-page";
import { TextLink } from "@/components/ui/link";

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("auth.verify");
  return { title: t("title") };
}

export default async function VerifyAddressPage() {
  const t = await getTranslations("auth.verify");
  return (
    <AuthPanel title={t("title")} lede={t("lede")} foot={<TextLink href="/login">{t("toLogin")}</TextLink>}>
      <AddressForm about="verify" />
    </AuthPanel>
  );
}
