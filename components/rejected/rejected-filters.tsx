import { Search } from "lucide-react";
import Form from "next/form";
import { useTranslations } from "next-intl";
import { Button } from "@/components/ui/button";
import { TextInput } from "@/components/ui/field";
import { TextLink } from "@/components/ui/link";
import type { RejectedView } from "@/lib/domain/rejection";
import { rejectedHref, rejectedPath } from "./rejected-href";

const fields = ["caller", "instance"] as const;

/** Finds rejected callers by a plain GET form: works before and without JavaScript, and can be bookmarked. */
export function RejectedFilters({ view: { filter, matching, traffic } }: { readonly view: RejectedView }) {
  const t = useTranslations("rejected.filters");
  const { by, reason, caller, instance } = filter;
  const narrowed = caller !== "" || instance !== "" || reason !== null;
  if (!narrowed && matching === 0) return null;
  return (
    <search className="my-5 grid gap-2">
      <Form
        action={rejectedPath}
        scroll={false}
        aria-label={t("label")}
        className="flex flex-wrap items-end gap-3"
      >
        {traffic.range !== "day" && <input type="hidden" name="traffic" value={traffic.range} />}
        {by !== "reason" && <input type="hidden" name="by" value={by} />}
        {reason && <input type="hidden" name="reason" value={reason} />}
        {fields.map((field) => (
          <label
            key={field}
            htmlFor={`rejected-${field}`}
            className="grid min-w-0 flex-1 basis-44 gap-1 font-medium sm:max-w-64"
          >
            {t(field)}
            <TextInput
              key={filter[field]}
              id={`rejected-${field}`}
              type="search"
              name={field}
              defaultValue={filter[field]}
              placeholder={t(`${field}Hint`)}
              autoComplete="off"
              maxLength={200}
            />
          </label>
        ))}
        <Button type="submit">
          <Search aria-hidden />
          {t("submit")}
        </Button>
      </Form>
      <p role="status" className={narrowed ? "text-muted" : "sr-only"}>
        {narrowed && (
          <>
            {t("result", { matching })}{" "}
            <TextLink href={rejectedHref({ range: traffic.range, by })}>{t("clear")}</TextLink>
          </>
        )}
      </p>
    </search>
  );
}
