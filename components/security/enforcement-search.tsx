import { Search } from "lucide-react";
import Form from "next/form";
import { useTranslations } from "next-intl";
import { Button } from "@/components/ui/button";
import { TextInput } from "@/components/ui/text-input";
import { TextLink } from "@/components/ui/text-link";
import { enforcementHref } from "./enforcement-href";

interface EnforcementSearchProps {
  readonly search: string;
  /** Instances that match the search. */
  readonly matching: number;
}

/** Finds instances by a plain GET form: works before and without JavaScript. */
export function EnforcementSearch({ search, matching }: EnforcementSearchProps) {
  const t = useTranslations("security.enforcement");
  return (
    <search className="grid gap-2">
      <Form action="/security" scroll={false} className="flex flex-wrap gap-2">
        <TextInput
          key={search}
          type="search"
          name="search"
          defaultValue={search}
          aria-label={t("search.label")}
          placeholder={t("search.placeholder")}
          autoComplete="off"
          maxLength={200}
          className="min-w-0 flex-1 basis-40 sm:max-w-80"
        />
        <Button type="submit">
          <Search aria-hidden />
          {t("search.submit")}
        </Button>
      </Form>
      <p role="status" className={search === "" ? "sr-only" : "break-words text-muted"}>
        {search !== "" && (
          <>
            {t("search.result", { matching, search })}{" "}
            <TextLink href={enforcementHref("", 1)}>{t("all")}</TextLink>
          </>
        )}
      </p>
    </search>
  );
}
