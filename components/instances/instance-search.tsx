import { Search } from "lucide-react";
import Form from "next/form";
import { useTranslations } from "next-intl";
import { Button } from "@/components/ui/button";
import { TextInput } from "@/components/ui/text-input";
import { TextLink } from "@/components/ui/text-link";

interface InstanceSearchProps {
  readonly search: string;
  /** Instances that match the search. */
  readonly matching: number;
}

/** Search on the server by a plain GET form: works before and without JavaScript, and can be bookmarked. */
export function InstanceSearch({ search, matching }: InstanceSearchProps) {
  const t = useTranslations("instances.list.search");
  return (
    <search className="mb-4 grid gap-2">
      <Form action="/instances" className="flex flex-wrap gap-2">
        <TextInput
          key={search}
          type="search"
          name="search"
          defaultValue={search}
          aria-label={t("label")}
          placeholder={t("placeholder")}
          autoComplete="off"
          maxLength={200}
          className="min-w-0 flex-1 basis-40 sm:max-w-80"
        />
        <Button type="submit">
          <Search aria-hidden />
          {t("submit")}
        </Button>
      </Form>
      <p role="status" className={matching === 0 || search === "" ? "sr-only" : "break-words text-muted"}>
        {search !== "" && (
          <>
            {t("result", { matching, search })} <TextLink href="/instances">{t("clear")}</TextLink>
          </>
        )}
      </p>
    </search>
  );
}
