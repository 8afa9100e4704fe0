import { useTranslations } from "next-intl";
import { SearchForm } from "@/components/ui/search-form";
import { TextLink } from "@/components/ui/text-link";
import { enforcementHref } from "./enforcement-href";

interface EnforcementSearchProps {
  readonly search: string;
  /** Instances that match the search. */
  readonly matching: number;
}

/** Finds the switch of an instance by name. */
export function EnforcementSearch({ search, matching }: EnforcementSearchProps) {
  const t = useTranslations("security.enforcement");
  return (
    <SearchForm
      action="/security"
      scroll={false}
      search={search}
      label={t("search.label")}
      placeholder={t("search.placeholder")}
      submit={t("search.submit")}
      result={
        <>
          {t("search.result", { matching, search })}{" "}
          <TextLink href={enforcementHref("", 1)}>{t("all")}</TextLink>
        </>
      }
    />
  );
}
