import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { AuthPanel } from "@/components/auth/auth-panel";
import { VerifyAddressForm } from "@/components/auth/verify-address-form";
import { TextLink } from "@/components/ui/text-link";
import { changeAddressAction } from "../mail-actions";

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("auth.changeAddress");
  return { title: t("title") };
}

export default async function ChangeAddressPage() {
  const t = await getTranslations("auth.changeAddress");
  return (
    <AuthPanel title={t("title")} lede={t("lede")} foot={<TextLink href="/login">{t("toLogin")}</TextLink>}>
      <VerifyAddressForm about="changeAddress" action={changeAddressAction} />
    </AuthPanel>
  );
}
