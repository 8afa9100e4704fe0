import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { AddressPanel } from "@/components/auth/address-panel";
import { changeAddressAction } from "../mail-actions";

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("auth.changeAddress");
  return { title: t("title") };
}

export default function ChangeAddressPage() {
  return <AddressPanel about="changeAddress" action={changeAddressAction} />;
}
