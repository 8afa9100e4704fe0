import { request } from "undici";
import { z } from "zod";
import { db } from "@/lib/db/client";
import type { StoredInstance, StoredService } from "@/lib/db/transaction";
import { withOwnHeaders } from "@/lib/domain/forwarded-headers";
import { type Preset, presets, type WrittenRoute } from "@/lib/domain/preset";
import {
  credentialHeaderOf,
  meaningOf,
  pathFor,
  type TestFailure,
  type TestOutcome,
} from "@/lib/domain/service-view";
import { findInstance } from "../instances/find";
import { openInstanceToken } from "../instances/token";
import { openHeaders, upstreamAgent } from "../instances/upstream";
import { readUseCase } from "../use-case";
import { findService } from "./change";

/** A person waits for it. */
const longestMs = 10_000;

const failures: readonly (readonly [RegExp, TestFailure])[] = [
  [/^UPSTREAM_REFUSED$/, "private"],
  [/^(?:ENOTFOUND|EAI_AGAIN)$/, "name"],
  [/^(?:ECONNREFUSED|EHOSTUNREACH|ENETUNREACH)$/, "closed"],
  [/TIMEOUT|^ETIMEDOUT$|^ABORT/i, "late"],
  [/CERT|SELF_SIGNED|TLS|SSL|^EPROTO$|UNABLE_TO/, "certificate"],
];

/** Why there was no answer, by the code that the connection failed with. */
export function failureOf(error: unknown): TestFailure {
  const { code, name } = error as { code?: unknown; name?: unknown };
  const text = typeof code === "string" ? code : String(name);
  return failures.find(([pattern]) => pattern.test(text))?.[1] ?? "other";
}

type Headers = Record<string, string>;

/** What is stored for the upstream. */
function storedHeaders(service: StoredService, instance: StoredInstance): Headers {
  const own = openHeaders(`instance:${instance.id}`, instance.headersSealed);
  return Object.fromEntries(withOwnHeaders(openHeaders(`service:${service.id}`, service.headersSealed), own));
}

/** Asks an upstream, as the gate would reach it, and reads no more of the answer than its head. */
async function ask(
  url: URL,
  method: string,
  headers: Headers,
  call: Parameters<typeof meaningOf>[2],
): Promise<TestOutcome> {
  const agent = upstreamAgent(longestMs);
  try {
    const signal = AbortSignal.timeout(longestMs);
    const {
      statusCode,
      headers: answer,
      body,
    } = await request(url, {
      method: method as "GET",
      headers: { ...headers, "user-agent": "Latchkey (test call)" },
      dispatcher: agent,
      signal,
    });
    // What comes of it is of no interest, and neither is how it ends.
    body.on("error", () => {}).destroy();
    const type = String(answer["content-type"] ?? "").toLowerCase();
    return { kind: "answered", status: statusCode, means: meaningOf(statusCode, type, call) };
  } catch (error) {
    return { kind: "unanswered", why: failureOf(error) };
  } finally {
    agent.destroy().catch(() => {});
  }
}

/**
 * Makes the test call of a service's preset for one of its instances, from here to the upstream: with what is stored for
 * it, to addresses that upstreams may have, without following anything. It changes nothing, and says of the answer no more
 * than its status and what that means.
 *
 * @throws Refusal `forbidden`, `not_found`
 */
export const testService = readUseCase({
  permission: "instance.change",
  input: z.object({ serviceId: z.string(), instanceId: z.string() }),
  run: async ({ accountId }, { serviceId, instanceId }): Promise<TestOutcome> => {
    const service = await findService(db, accountId, serviceId);
    const instance = await findInstance(db, accountId, instanceId, service.id);
    if (service.upstreamUrl === null) return { kind: "echo" };
    const { test }: Preset = presets[service.preset as keyof typeof presets] ?? presets.any;
    const credential = openInstanceToken(instance);
    const header = credentialHeaderOf(service.routes as unknown as WrittenRoute[]);
    const stored = storedHeaders(service, instance);
    const headers = { ...stored, ...(header !== null && { [header]: credential }) };
    const bringsCredential = header !== null || test.path.includes("{token}");
    const refused = Object.keys(stored).length > 0 ? "key" : bringsCredential ? "credential" : "keyless";
    const url = new URL(service.upstreamUrl + pathFor(test.path, { label: instance.label, credential }));
    return ask(url, test.method, headers, { anything: service.preset === "any", refused });
  },
});
