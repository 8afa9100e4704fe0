import type { ConformanceCase } from "./case";
import { accounts, type InstanceName, instances, type World } from "./world";

/** Flips the case of every letter: another name for those who ignore case, and only for those. */
function swapCase(text: string): string {
  return text.replace(/[a-z]/gi, (letter) =>
    letter === letter.toUpperCase() ? letter.toLowerCase() : letter.toUpperCase(),
  );
}

function valuesFor(instance: InstanceName, world: World, upstream: string): ReadonlyMap<string, string> {
  const { account } = instances[instance];
  const id = world.idOf(instance);
  const token = world.instanceTokenOf(instance);
  const foreign = account === "listed" ? "closed" : "listed";
  const other = instance === "listed" ? "closed" : "listed";
  return new Map([
    ["base", `/instances/${id}/token/${token}`],
    ["id", id],
    ["ID", swapCase(id)],
    ["token", token],
    ["other id", world.idOf(other)],
    ["other token", world.instanceTokenOf(other)],
    ["upstream", upstream],
    ["UPSTREAM", swapCase(upstream)],
    ["upstream host", new URL(upstream).host],
    ["foreign", world.clientTokenOf(foreign, "current")],
    ...accounts[account].tokens.map((name) => [name, world.clientTokenOf(account, name)] as const),
  ]);
}

function replaceIn(value: unknown, values: ReadonlyMap<string, string>): unknown {
  if (typeof value === "string")
    return value.replace(/\{([A-Za-z ]+)\}/g, (whole, name: string) => values.get(name) ?? whole);
  if (Array.isArray(value)) return value.map((entry) => replaceIn(entry, values));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, replaceIn(entry, values)]));
}

/** Puts the world's credentials in the places of a case's placeholders. */
export function fillCase(entry: ConformanceCase, world: World, upstream: string): ConformanceCase {
  return replaceIn(entry, valuesFor(entry.instance, world, upstream)) as ConformanceCase;
}
