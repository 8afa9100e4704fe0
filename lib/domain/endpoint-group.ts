import { readEndpointRule } from "./endpoint-rule";
import type { EndpointGroupView } from "./endpoint-view";
import { type Preset, type PresetId, presets } from "./preset";

/**
 * A template as an instance that stands alone is called: its upstream URL has the credential in it, where there is one, so that
 * callers' paths begin behind it.
 */
function aloneTemplate(template: string): string {
  const end = template.lastIndexOf("{token}");
  const rest = end < 0 ? "" : template.slice(end + "{token}".length);
  return rest.startsWith("/") ? rest : template;
}

/** The groups of endpoints that presets have, as rules. */
function groupsOf(id: PresetId, alone: boolean): EndpointGroupView[] {
  const preset: Preset = presets[id];
  return Object.entries(preset.endpoints).map(([group, endpoints]) => ({
    preset: id,
    presetName: preset.name,
    group,
    rules: endpoints.flatMap(({ template, methods = ["*"] }) => {
      const path = alone ? aloneTemplate(template) : template;
      return methods.flatMap((method) => readEndpointRule(method, path) ?? []);
    }),
  }));
}

const isPreset = (id: string): id is PresetId => id in presets;

/**
 * Groups of endpoints that an instance can have rules for at one click.
 *
 * @param preset that of its service; null: it stands alone, and may be any of them
 */
export function endpointGroups(preset: string | null): EndpointGroupView[] {
  if (preset === null) return (Object.keys(presets) as PresetId[]).flatMap((id) => groupsOf(id, true));
  return isPreset(preset) ? groupsOf(preset, false) : [];
}
