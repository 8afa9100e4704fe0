import { useTranslations } from "next-intl";
import { TextLink } from "@/components/ui/link";
import { SearchForm } from "@/components/ui/list";
import { enforcementId, moved, type SecurityPlace, securityHref } from "./security-place";

interface EnforcementSearchProps {
  readonly search: string;
  /** Instances that match the search. */
  readonly matching: number;
  readonly place: SecurityPlace;
}

/** Finds the switch of an instance by name. */
export function EnforcementSearch({ search, matching, place }: EnforcementSearchProps) {
  const t = useTranslations("security.enforcement");
  const rest = moved(place, { search: undefined, page: undefined });
  return (
    <SearchForm
      action="/security"
      scroll={false}
      search={search}
      keep={rest}
      label={t("search.label")}
      placeholder={t("search.placeholder")}
      submit={t("search.submit")}
      result={
        <>
          {t("search.result", { matching, search })}{" "}
          <TextLink href={securityHref(rest, enforcementId)}>{t("all")}</TextLink>
        </>
      }
    />
  );
}
