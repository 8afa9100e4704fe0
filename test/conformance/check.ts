import { expect } from "vitest";
import type { Answer, ConformanceCase, Door, Expectation, HeaderLine, Received } from "./case";
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
    ["base", world.baseOf(instance)],
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
function fillCase(entry: ConformanceCase, world: World, upstream: string): ConformanceCase {
  return replaceIn(entry, valuesFor(entry.instance, world, upstream)) as ConformanceCase;
}

function checkHeaders(lines: readonly HeaderLine[], expected: Expectation["headers"]): void {
  for (const [name, value] of Object.entries(expected ?? {})) {
    const values = lines.filter(([key]) => key === name).map(([, line]) => line);
    expect({ [name]: values.length === 0 ? null : values.join(", ") }).toEqual({ [name]: value });
  }
}

function fieldOf(json: unknown, path: string): unknown {
  return path
    .split(".")
    .reduce((value: unknown, key) => (value as Record<string, unknown> | undefined)?.[key], json);
}

function checkAnswer(answer: Answer, expected: Expectation): void {
  const told = { status: answer.status, body: answer.body.slice(0, 200) };
  expect(told).toMatchObject({ status: expected.status });
  if (expected.body !== undefined) expect(answer.body).toBe(expected.body);
  checkHeaders(answer.headers, expected.headers);
  if (expected.reason !== undefined) {
    checkHeaders(answer.headers, {
      "latchkey-reason": expected.reason,
      "content-type": "application/json",
      "cache-control": "no-store",
    });
    expect(answer.headers.map(([name]) => name)).toContain("x-request-id");
  }
  if (expected.error !== undefined) expect(answer.body).toBe(JSON.stringify({ error: expected.error }));
  for (const [path, value] of Object.entries(expected.json ?? {})) {
    expect({ [path]: fieldOf(JSON.parse(answer.body), path) }).toEqual({ [path]: value });
  }
}

function checkReceived(received: readonly Received[], expected: Expectation["forwarded"]): void {
  if (expected === undefined) return;
  expect(received.map(({ target }) => target)).toHaveLength(expected === null ? 0 : 1);
  const [request] = received;
  if (!request || expected === null) return;
  if (expected.method !== undefined) expect(request.method).toBe(expected.method);
  if (expected.target !== undefined) expect(request.target).toBe(expected.target);
  if (expected.body !== undefined) expect(request.body).toBe(expected.body);
  checkHeaders(request.headers, expected.headers);
}

/** Runs one line of the table through a door and checks what came back and what went on. */
export async function checkCase(entry: ConformanceCase, door: Door, world: World): Promise<void> {
  const filled = fillCase(entry, world, door.upstream);
  const { answer, received } = await door.run(filled, filled.answer ?? {});
  const deviation =
    (door.kind === "pipeline" ? undefined : filled.nodeServer) ??
    (door.kind === "route-handler" ? filled.routeHandler : undefined);
  const expected = deviation?.expect ?? filled.expect;
  checkAnswer(answer, expected);
  checkReceived(received, expected.forwarded);
}
