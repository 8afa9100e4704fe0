import { Download, ListFilter } from "lucide-react";
import Form from "next/form";
import { useTranslations } from "next-intl";
import { systemLabel } from "@/lib/domain/actor";
import { type AuditFilter, auditGroups, auditQueryOf, isNarrowed, nobody } from "@/lib/domain/audit-filter";
import { Button, buttonStyle } from "../ui/button";
import { Field, SelectField, TextInput } from "../ui/field";
import { ButtonLink } from "../ui/link";

interface EventFilterProps {
  readonly filter: AuditFilter;
  /** Everyone whom the trail names; empty text stands for people who were not signed in. */
  readonly actors: readonly string[];
}

/** Narrows the list by a plain GET form: works without JavaScript, and the address can be kept. */
export function EventFilter({ filter, actors }: EventFilterProps) {
  const t = useTranslations("activity");
  const { actor, group, from, to } = filter;
  const named = actor === undefined || actors.includes(actor) ? actors : [actor, ...actors];
  const optionOf = (label: string) => (label === "" ? nobody : label);
  return (
    <search aria-label={t("filter.label")} className="mb-4 block">
      <Form
        // Another filter is another form: its fields start from what is shown.
        key={JSON.stringify(filter)}
        action="/activity"
        className="grid grid-cols-2 items-end gap-3 sm:grid-cols-[minmax(0,2fr)_minmax(0,2fr)_minmax(0,1fr)_minmax(0,1fr)_auto] xl:grid-cols-[minmax(0,1fr)_minmax(0,1fr)_9rem_9rem_auto]"
      >
        <SelectField
          label={t("filter.actor")}
          name="actor"
          defaultValue={actor === undefined ? "" : optionOf(actor)}
        >
          <option value="">{t("filter.everyone")}</option>
          {named.map((label) => (
            <option key={label} value={optionOf(label)}>
              {label === systemLabel ? t("system", { by: "none" }) : label || t("nobody")}
            </option>
          ))}
        </SelectField>
        <SelectField label={t("filter.group")} name="group" defaultValue={group ?? ""}>
          <option value="">{t("filter.everything")}</option>
          {auditGroups.map((each) => (
            <option key={each} value={each}>
              {t(`group.${each}`)}
            </option>
          ))}
        </SelectField>
        <Field label={t("filter.from")} name="from">
          {(control) => <TextInput {...control} type="date" defaultValue={from} />}
        </Field>
        <Field label={t("filter.to")} name="to">
          {(control) => <TextInput {...control} type="date" defaultValue={to} />}
        </Field>
        <div className="col-span-2 flex gap-2 sm:col-span-1">
          <Button type="submit">
            <ListFilter aria-hidden />
            {t("filter.submit")}
          </Button>
          {isNarrowed(filter) && (
            <ButtonLink href="/activity" variant="quiet">
              {t("filter.clear")}
            </ButtonLink>
          )}
        </div>
      </Form>
    </search>
  );
}

/** Downloads of the audit trail. Plain links: nothing is fetched before someone asks, because it is recorded. */
export function ExportLinks({ filter }: { readonly filter: AuditFilter }) {
  const t = useTranslations("activity.export");
  return (
    <nav aria-label={t("label")} className="flex flex-wrap items-center gap-2">
      {(["jsonl", "csv"] as const).map((format) => (
        <a key={format} href={exportHref(format, filter)} download className={buttonStyle("secondary", "md")}>
          <Download aria-hidden />
          {t(format)}
        </a>
      ))}
    </nav>
  );
}

function address(path: string, query: URLSearchParams): string {
  return query.size === 0 ? path : `${path}?${query}`;
}

/** The address of a page of events. */
export function activityHref(filter: AuditFilter, more: Readonly<Record<string, string>> = {}): string {
  const query = auditQueryOf(filter);
  for (const [name, value] of Object.entries(more)) query.set(name, value);
  return address("/activity", query);
}

/** The address of an export. A chain is exported whole, so only CSV is narrowed. */
function exportHref(format: "jsonl" | "csv", filter: AuditFilter): string {
  const query = format === "csv" ? auditQueryOf(filter) : new URLSearchParams();
  query.set("format", format);
  return address("/activity/export", query);
}
