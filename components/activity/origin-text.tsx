import { useTranslations } from "next-intl";
import { browserName } from "@/lib/domain/user-agent";

/** The program behind a User-Agent header, in words; the whole header on hover. */
export function ProgramName({ userAgent }: { readonly userAgent: string }) {
  return <span title={userAgent || undefined}>{useProgramName()(userAgent)}</span>;
}

/** The same as plain text, for names of buttons. */
export function useProgramName(): (userAgent: string) => string {
  const t = useTranslations("activity");
  return (userAgent) => {
    const { browser, system } = browserName(userAgent);
    if (browser && system) return t("browserOn", { browser, system });
    return browser ?? system ?? t("unknownBrowser");
  };
}

/** A client address in full; IPv6 may break between any two characters. */
export function AddressText({ address }: { readonly address: string }) {
  const t = useTranslations("activity");
  if (address === "unknown") return t("unknownAddress");
  return <code className="text-xs [overflow-wrap:anywhere]">{address}</code>;
}
