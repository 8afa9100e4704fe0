"use client";

import { useTranslations } from "next-intl";
import { useState } from "react";
import { fieldError, useFieldMessage } from "@/components/shell/refusal";
import { TextField } from "@/components/shell/text-field";
import { Button } from "@/components/ui/button";
import { SelectField } from "@/components/ui/field";
import { code } from "@/components/ui/text";
import { endpointMethods } from "@/lib/domain/endpoint-rule";
import type { EndpointGroupView, EndpointRulesView } from "@/lib/domain/endpoint-view";
import { routeTemplateMaxLength } from "@/lib/domain/route-template";
import type { EndpointChanges } from "./use-endpoint-changes";

/** What is wrong with the path that was typed. */
export function pathError(failure: EndpointChanges["failure"]) {
  return fieldError(failure, "change.rules.0.path") ?? fieldError(failure, "path");
}

/** Adds one rule by method and template. What was typed survives an error. */
export function AddRule({ changes }: { readonly changes: EndpointChanges }) {
  const t = useTranslations("endpoints.add");
  const list = useTranslations("endpoints.list");
  const message = useFieldMessage();
  const [method, setMethod] = useState("*");
  const [path, setPath] = useState("");
  const { failure, pending, form } = changes;
  return (
    <form
      ref={form}
      noValidate
      action={() => changes.add([`${method} ${path.trim()}`], () => setPath(""))}
      className="grid items-start gap-3 sm:grid-cols-[minmax(0,1fr)_minmax(0,4fr)_auto]"
    >
      <SelectField label={t("method")} name="method" value={method} onChange={setMethod}>
        <option value="*">{list("anyMethod")}</option>
        {endpointMethods.map((each) => (
          <option key={each}>{each}</option>
        ))}
      </SelectField>
      <TextField
        label={t("path")}
        name="path"
        hint={t.rich("hint", { code })}
        value={path}
        onChange={setPath}
        error={message(pathError(failure))}
        exact
        placeholder={t("pathHint")}
        maxLength={routeTemplateMaxLength}
        className="font-mono"
      />
      {/* In line with the inputs, not with their labels. */}
      <Button type="submit" variant="primary" pending={pending} className="sm:mt-6.75">
        {t("submit")}
      </Button>
    </form>
  );
}

const known = ["sending", "reading", "administration"] as const;

interface GroupsProps {
  readonly view: EndpointRulesView;
  readonly changes: EndpointChanges;
}

/** Groups of endpoints that a preset has, each added by one button. An instance that stands alone may be any kind of API. */
export function RuleGroups({ view: { groups, rules }, changes }: GroupsProps) {
  const t = useTranslations("endpoints.groups");
  const presets = [...new Map(groups.map(({ preset, presetName }) => [preset, presetName]))];
  const [chosen, setChosen] = useState(presets[0]?.[0] ?? "");
  const nameOf = ({ group }: EndpointGroupView) => {
    const name = known.find((each) => each === group);
    return name ? t(name) : group;
  };
  const isThere = ({ rules: wanted }: EndpointGroupView) =>
    wanted.every((each) => rules.some(({ rule }) => rule === each));
  return (
    <div className="flex flex-wrap items-end gap-2">
      {presets.length > 1 ? (
        <SelectField
          label={t("preset")}
          name="preset"
          value={chosen}
          onChange={(value) => setChosen(value as typeof chosen)}
        >
          {presets.map(([id, name]) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </SelectField>
      ) : (
        <p className="basis-full font-medium">{t("label")}</p>
      )}
      {groups
        .filter(({ preset }) => preset === chosen)
        .map((group) => (
          <Button
            key={group.group}
            pending={changes.pending}
            disabled={isThere(group)}
            onClick={() => changes.add(group.rules)}
          >
            {t("add", { group: nameOf(group), count: group.rules.length })}
          </Button>
        ))}
    </div>
  );
}
