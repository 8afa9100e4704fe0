import type { AddressMode } from "./address-mode";
import {
  type EndpointKind,
  endpointRuleParts,
  mostEndpointRules,
  packEndpointRules,
  readEndpointRule,
  ruleMethods,
} from "./endpoint-rule";
import { invalidField, Refusal } from "./errors";

/** The endpoint rules of an instance as they are stored. The ladder is that of the address restriction. */
export interface EndpointSettings {
  readonly mode: AddressMode;
  readonly kind: EndpointKind;
  /** Each as `readEndpointRule` writes it, in the order in which they came. */
  readonly rules: readonly string[];
}

/** A change of the rules themselves. */
export type EndpointChange =
  | { readonly what: "add"; readonly rules: readonly string[] }
  | { readonly what: "remove"; readonly rule: string }
  | { readonly what: "kind"; readonly kind: EndpointKind };

/**
 * The settings after a change.
 *
 * @throws Refusal `not_found` for a rule that is not there, or `invalid` (path: endpoint_listed, endpoints_too_many; rule:
 *   endpoint_last while they are enforced)
 */
export function afterEndpointChange(settings: EndpointSettings, change: EndpointChange): EndpointSettings {
  const { mode, rules } = settings;
  switch (change.what) {
    case "kind":
      return { ...settings, kind: change.kind };
    case "remove": {
      if (!rules.includes(change.rule)) throw new Refusal("not_found");
      const rest = rules.filter((rule) => rule !== change.rule);
      if (mode === "enforce" && rest.length === 0) throw invalidField("rule", "endpoint_last");
      return { ...settings, rules: rest };
    }
    case "add": {
      const fresh = [...new Set(change.rules)].filter((rule) => !rules.includes(rule));
      if (fresh.length === 0) throw invalidField("path", "endpoint_listed");
      const all = [...rules, ...fresh];
      if (all.length > mostEndpointRules)
        throw invalidField("path", "endpoints_too_many", { max: mostEndpointRules });
      return { ...settings, rules: all };
    }
  }
}

/** What gates apply: null while the rules are not enforced. */
export function enforcedRules({ mode, kind, rules }: EndpointSettings): string | null {
  return mode === "enforce" ? packEndpointRules(kind, rules) : null;
}

/** Whether other settings may reject what these let in. */
export function mayRejectMore(before: EndpointSettings, after: EndpointSettings): boolean {
  if (after.mode !== "enforce") return false;
  if (before.mode !== "enforce" || before.kind !== after.kind) return true;
  const [needed, there] = after.kind === "only" ? [before, after] : [after, before];
  return needed.rules.some((rule) => !there.rules.includes(rule));
}

const written = /^(off|observe|enforce) (except|only):(.*)$/s;

/** Settings as one text, `enforce except: DELETE /instance/{}; * /admin/{*}`; empty where there are none. */
export function writeEndpointSettings({ mode, kind, rules }: EndpointSettings): string {
  return mode === "off" && rules.length === 0 ? "" : `${mode} ${kind}: ${rules.join("; ")}`;
}

/** Those of an instance that has none. */
export const noEndpointSettings: EndpointSettings = { mode: "off", kind: "except", rules: [] };

/** Settings from their text; null for what is none, and for rules that are enforced without being there. */
export function readEndpointSettings(text: string): EndpointSettings | null {
  if (text === "") return noEndpointSettings;
  const [, mode, kind, list = ""] = written.exec(text) ?? [];
  if (mode === undefined || kind === undefined) return null;
  const parts = list.split(";").map((part) => part.trim());
  const rules = parts.filter(Boolean).map((part) => {
    const { method, path } = endpointRuleParts(part);
    return ruleMethods.includes(method) ? readEndpointRule(method, path) : null;
  });
  if (rules.length > mostEndpointRules || rules.includes(null)) return null;
  if (mode === "enforce" && rules.length === 0) return null;
  return { mode: mode as AddressMode, kind: kind as EndpointKind, rules: [...new Set(rules as string[])] };
}
