import { useTranslations } from "next-intl";
import { moved, preflightId, type SecurityPlace, securityHref } from "@/components/security/security-place";
import { TextLink } from "@/components/ui/link";
import { SearchForm } from "@/components/ui/list";
import type { PreflightView } from "@/lib/domain/caller-view";

interface CallerSearchProps {
  readonly view: PreflightView;
  readonly place: SecurityPlace;
}

/** Finds callers by what they are called, by program, address or instance. */
export function CallerSearch({ view: { search, listedCounts, filter }, place }: CallerSearchProps) {
  const t = useTranslations("preflight.search");
  const rest = moved(place, { caller: undefined });
  return (
    <SearchForm
      action="/security"
      scroll={false}
      name="caller"
      search={search}
      keep={rest}
      label={t("label")}
      placeholder={t("placeholder")}
      submit={t("submit")}
      result={
        <>
          {t("result", { matching: listedCounts[filter], search })}{" "}
          <TextLink href={securityHref(rest, preflightId)}>{t("all")}</TextLink>
        </>
      }
    />
  );
}
