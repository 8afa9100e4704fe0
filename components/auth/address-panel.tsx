import { useTranslations } from "next-intl";
import { TextLink } from "../ui/link";
import { AuthPanel } from "./auth-panel";
import type { AuthAction } from "./use-auth-form";
import { VerifyAddressForm } from "./verify-address-form";

interface AddressPanelProps {
  /** What the link was sent for. */
  readonly about: "verify" | "changeAddress";
  readonly action: AuthAction;
}

/** What a link by mail opens that was sent to an address: one click confirms it. */
export function AddressPanel({ about, action }: AddressPanelProps) {
  const t = useTranslations(`auth.${about}`);
  return (
    <AuthPanel title={t("title")} lede={t("lede")} foot={<TextLink href="/login">{t("toLogin")}</TextLink>}>
      <VerifyAddressForm about={about} action={action} />
    </AuthPanel>
  );
}
