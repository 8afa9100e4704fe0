import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { AddressPanel } from "@/components/auth/address-panel";
import { verifyAddressAction } from "../mail-actions";

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("auth.verify");
  return { title: t("title") };
}

export default function VerifyAddressPage() {
  return <AddressPanel about="verify" action={verifyAddressAction} />;
}
