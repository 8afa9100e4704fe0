import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { liveDoors, required } from "./live-world";
import { rawExchange } from "./raw-client";
import { seedWorld } from "./seed";
import { startWireUpstream, type WireUpstream } from "./upstreams";
import { wireAnswerCases } from "./wire-answers";
import { makeWorld } from "./world";

describe.each(liveDoors)("an upstream's answer, at %s", (_door, variable) => {
  const world = makeWorld(randomUUID());
  const target = `${world.baseOf("open")}/x`;
  let upstream: WireUpstream;
  let remove: () => Promise<void>;

  beforeAll(async () => {
    upstream = await startWireUpstream();
    remove = await seedWorld(required("DATABASE_URL"), world, upstream.url);
  });

  afterAll(async () => {
    await remove();
    await upstream.close();
  });

  test.each(wireAnswerCases.map((entry) => [entry.name, entry] as const))("%s", async (_name, entry) => {
    upstream.say(entry);
    const { method, headers, body } = entry;
    const answer = await rawExchange(required(variable), { method, target, headers, body });
    const expected = entry.expect;
    expect(answer).toMatchObject({ status: expected.status });
    if (expected.body !== undefined) expect(answer.body).toBe(expected.body);
    if (expected.error !== undefined) expect(answer.body).toBe(JSON.stringify({ error: expected.error }));
    const all = { ...expected.headers };
    if (expected.reason !== undefined) all["latchkey-reason"] = expected.reason;
    for (const [name, value] of Object.entries(all)) {
      const values = answer.headers.filter(([key]) => key === name).map(([, line]) => line);
      expect({ [name]: values.length === 0 ? null : values.join(", ") }).toEqual({ [name]: value });
    }
    // Whatever came, the request had been carried out, and must not be repeated.
    expect(upstream.requests).toHaveLength(1);
  });
});
