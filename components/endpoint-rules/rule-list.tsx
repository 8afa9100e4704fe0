"use client";

import { Trash2 } from "lucide-react";
import { useTranslations } from "next-intl";
import { useId } from "react";
import { Button } from "@/components/ui/button";
import { WrapText } from "@/components/ui/text";
import type { EndpointKind } from "@/lib/domain/endpoint-rule";
import type { EndpointRulesView, EndpointRuleView } from "@/lib/domain/endpoint-view";
import type { EndpointChanges } from "./use-endpoint-changes";

interface PartProps {
  readonly view: EndpointRulesView;
  /** null: this person may look but not change. */
  readonly changes: EndpointChanges | null;
}

const kinds: readonly EndpointKind[] = ["except", "only"];

/** What the rules say: that nothing is let in but these, or everything but these. */
export function KindChoice({ view: { kind }, changes }: PartProps) {
  const t = useTranslations("endpoints.kind");
  const name = useId();
  return (
    <fieldset className="grid gap-2 sm:grid-cols-2" disabled={changes === null}>
      <legend className="sr-only">{t("label")}</legend>
      {kinds.map((each) => (
        <label
          key={each}
          className="flex cursor-pointer gap-2.5 rounded-md border border-line p-3 has-checked:border-accent"
        >
          <input
            type="radio"
            name={name}
            checked={kind === each}
            onChange={() => changes?.setKind(each)}
            className="mt-0.5 size-4 shrink-0 accent-accent"
          />
          <span className="min-w-0">
            <span className="block font-semibold">{t(each)}</span>
            <span className="block text-pretty text-muted">{t(`${each}Hint`)}</span>
          </span>
        </label>
      ))}
    </fieldset>
  );
}

/** The rules in the order in which they came, each with the calls that it is about. */
export function RuleList({ view, changes }: PartProps) {
  const t = useTranslations("endpoints.list");
  const { rules, kind, mode } = view;
  const calls = ({ requests }: EndpointRuleView) => {
    if (kind === "only") return t("letIn", { requests });
    return t(mode === "enforce" ? "rejected" : "would", { requests });
  };
  return (
    <ul aria-label={t(kind)} className="divide-y divide-line border-line border-y">
      {rules.map((rule) => (
        <li key={rule.rule} className="flex items-center justify-between gap-4 py-2">
          <span className="min-w-0">
            <Endpoint method={rule.method} path={rule.path} />
            <span className="block text-muted text-xs">{calls(rule)}</span>
          </span>
          {changes && (
            <Button
              variant="quiet"
              size="sm"
              pending={changes.pending}
              aria-label={t("remove", { rule: rule.rule })}
              title={t("remove", { rule: rule.rule })}
              onClick={() => changes.remove(rule.rule)}
            >
              <Trash2 aria-hidden />
            </Button>
          )}
        </li>
      ))}
    </ul>
  );
}

/** A method and a path, or the template of one. */
export function Endpoint({ method, path }: { readonly method: string; readonly path: string }) {
  const t = useTranslations("endpoints.list");
  return (
    <span className="font-mono">
      <span className="font-semibold">{method === "*" ? t("anyMethod") : method}</span>{" "}
      <WrapText>{path}</WrapText>
    </span>
  );
}
