import { useTranslations } from "next-intl";
import type { SecondStepWay } from "@/lib/domain/second-factor";
import { TextLink } from "../ui/link";

interface OtherWaysProps {
  /** The ways that are not shown now. */
  readonly links: readonly { readonly way: SecondStepWay; readonly href: string }[];
  readonly loginHref: string;
}

/** What else the second step accepts, and the way back to its first one. */
export function OtherWays({ links, loginHref }: OtherWaysProps) {
  const t = useTranslations("auth.secondStep");
  return (
    <span className="grid justify-items-center gap-2">
      {links.map(({ way, href }) => (
        <TextLink key={way} href={href}>
          {t(`use.${way}`)}
        </TextLink>
      ))}
      <TextLink href={loginHref}>{t("someoneElse")}</TextLink>
    </span>
  );
}
