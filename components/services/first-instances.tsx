"use client";

import { Plus, Trash2 } from "lucide-react";
import { useTranslations } from "next-intl";
import { type FailedResult, fieldError, useFieldMessage } from "@/components/shell/refusal";
import { TextField } from "@/components/shell/text-field";
import { Button } from "@/components/ui/button";
import { type Row, useRows } from "@/components/ui/rows";
import type { NamingNeeds } from "@/lib/domain/service-view";

/** One instance while it is being described. */
interface FirstInstance extends Row {
  readonly name: string;
  readonly label: string;
  readonly token: string;
  readonly host: string;
}

export function newRow(key: number): FirstInstance {
  return { key, name: "", label: "", token: "", host: "" };
}

/** The fields that an instance of a service has, besides its name. */
function fieldsFor({ label, credential, host }: NamingNeeds) {
  return [
    ...(label ? (["label"] as const) : []),
    ...(credential === "none" ? [] : (["token"] as const)),
    ...(host ? (["host"] as const) : []),
  ];
}

/** What to send. */
export function toInstances(rows: readonly FirstInstance[], needs: NamingNeeds) {
  return rows.map(({ name, label, token, host }) => ({
    name,
    ...(needs.label && { label: label.trim() }),
    ...(needs.credential !== "none" && { token: token.trim() }),
    ...(needs.host && host.trim() !== "" && { host }),
  }));
}

interface FirstInstancesProps {
  readonly rows: readonly FirstInstance[];
  readonly onChange: (rows: FirstInstance[]) => void;
  readonly needs: NamingNeeds;
  readonly failure: FailedResult | null;
  readonly hostPlaceholder: string;
  readonly hostHint: string;
}

/** The instances that a service begins with, each with what its requests name it by. */
export function FirstInstances(props: FirstInstancesProps) {
  const { rows, onChange, needs, failure, hostPlaceholder, hostHint } = props;
  const t = useTranslations("services.setUp.instances");
  const message = useFieldMessage();
  const { addButton, add, change, remove } = useRows(rows, onChange);
  const fields = fieldsFor(needs);
  const all = message(fieldError(failure, "instances"));
  const placeholders = { label: t("labelExample"), token: "", host: hostPlaceholder };

  function hintOf(field: "label" | "token" | "host") {
    if (field === "token") return t(needs.credential === "required" ? "tokenHint" : "tokenOptional");
    return field === "host" ? hostHint : t("labelHint");
  }

  return (
    <div className="grid gap-4">
      {all && <p className="text-bad">{all}</p>}
      <ul className="grid gap-4">
        {rows.map((row, position) => (
          <li
            key={row.key}
            className="grid items-start gap-4 not-first:border-line not-first:border-t not-first:pt-4 sm:grid-cols-2"
          >
            {fields.map((field) => (
              <TextField
                key={field}
                label={t(field)}
                name={`instances.${position}.${field}`}
                hint={position === 0 ? hintOf(field) : undefined}
                value={row[field]}
                onChange={(value) => change(row.key, { [field]: value })}
                failure={failure}
                exact
                placeholder={placeholders[field]}
                className="font-mono"
              />
            ))}
            <TextField
              label={t("name")}
              name={`instances.${position}.name`}
              hint={position === 0 ? (needs.label ? t("nameOptional") : t("nameHint")) : undefined}
              value={row.name}
              onChange={(value) => change(row.key, { name: value })}
              failure={failure}
              placeholder={row.label}
              className="flex-1 basis-48"
              beside={
                rows.length > 1 && (
                  <Button
                    variant="quiet"
                    aria-label={t("remove", { position: position + 1 })}
                    onClick={() => remove(row.key)}
                  >
                    <Trash2 aria-hidden />
                  </Button>
                )
              }
            />
          </li>
        ))}
      </ul>
      <div>
        <Button ref={addButton} size="sm" onClick={() => add(newRow)}>
          <Plus aria-hidden />
          {t("add")}
        </Button>
      </div>
    </div>
  );
}
