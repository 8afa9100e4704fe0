import { useTranslations } from "next-intl";
import { TextLink } from "@/components/ui/link";
import { SearchForm } from "@/components/ui/list";

interface InstanceSearchProps {
  readonly search: string;
  /** Instances that match the search. */
  readonly matching: number;
}

/** Finds instances by name or id on their page. */
export function InstanceSearch({ search, matching }: InstanceSearchProps) {
  const t = useTranslations("instances.list.search");
  return (
    <div className="mb-4">
      <SearchForm
        action="/instances"
        search={search}
        label={t("label")}
        placeholder={t("placeholder")}
        submit={t("submit")}
        result={
          <>
            {t("result", { matching, search })} <TextLink href="/instances">{t("clear")}</TextLink>
          </>
        }
        resultShownElsewhere={matching === 0}
      />
    </div>
  );
}
