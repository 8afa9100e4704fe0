import { ListFilter } from "lucide-react";
import Form from "next/form";
import { useTranslations } from "next-intl";
import { type AuditFilter, auditGroups, isNarrowed, nobody } from "@/lib/domain/audit-filter";
import { Button, ButtonLink } from "../ui/button";
import { classNames } from "../ui/class-names";
import { controlStyle, Field, TextInput } from "../ui/field";

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
        <Field label={t("filter.actor")} name="actor">
          {(control) => (
            <select
              {...control}
              defaultValue={actor === undefined ? "" : optionOf(actor)}
              className={classNames(controlStyle, "h-9")}
            >
              <option value="">{t("filter.everyone")}</option>
              {named.map((label) => (
                <option key={label} value={optionOf(label)}>
                  {label || t("nobody")}
                </option>
              ))}
            </select>
          )}
        </Field>
        <Field label={t("filter.group")} name="group">
          {(control) => (
            <select {...control} defaultValue={group ?? ""} className={classNames(controlStyle, "h-9")}>
              <option value="">{t("filter.everything")}</option>
              {auditGroups.map((each) => (
                <option key={each} value={each}>
                  {t(`group.${each}`)}
                </option>
              ))}
            </select>
          )}
        </Field>
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
