import { createHash } from "node:crypto";
import { clientTokenDigest, instanceTokenDigest } from "@/lib/crypto/digest";
import { compileAddressList } from "@/lib/domain/address-list";
import type { AnswerStyle } from "@/lib/domain/answer-style";
import { type EndpointKind, packEndpointRules } from "@/lib/domain/endpoint-rule";
import type { Enforcement } from "@/lib/domain/enforcement";
import { type InstancePolicy, knownCallerKey, type PolicyToken, packDigest } from "@/lib/domain/gate";
import { instanceBase } from "@/lib/domain/instance-url";
import { formatClientToken, newInstanceId, newInstanceToken } from "@/lib/domain/token-format";
import { instancePolicy } from "../support/instance-policy";

/** What stands behind an instance in the conformance world. */
type Behind = "echo" | "recorder" | "recorder with base path" | "nobody";

/** An account of the conformance world, in the words of the design. */
export interface AccountSpec {
  readonly enforcement: Enforcement;
  /** Tokens it holds; each named token exists once and can be presented by that name. */
  readonly tokens: readonly ("current" | "retiring" | "retiring soon" | "retired by time" | "retired")[];
  readonly addressMode?: "off" | "observe" | "enforce";
  readonly cidrs?: readonly string[];
  /** While known callers only get in without the token: minutes until that ends, negative for since. */
  readonly graceMinutes?: number;
}

/** An instance of the conformance world. */
export interface InstanceSpec {
  readonly account: AccountName;
  readonly behind: Behind;
  readonly paused?: boolean;
  readonly enforced?: boolean;
  readonly ownHeaders?: readonly (readonly [string, string])[];
  /** The sealed headers were altered, as after a lost secret. */
  readonly unopenable?: boolean;
  readonly firstByteSeconds?: number;
  /** Address and program. */
  readonly known?: readonly (readonly [address: string, agent: string])[];
  readonly endpoints?: {
    readonly mode: "observe" | "enforce";
    readonly kind: EndpointKind;
    readonly rules: readonly string[];
  };
}

export const accounts = {
  open: { enforcement: "off", tokens: ["current"] },
  bare: { enforcement: "off", tokens: [] },
  closed: { enforcement: "on", tokens: ["current", "retiring", "retired"] },
  rotating: { enforcement: "on", tokens: ["current", "retiring soon"] },
  rotated: { enforcement: "on", tokens: ["current", "retired by time"] },
  tokenless: { enforcement: "on", tokens: [] },
  staged: { enforcement: "staged", tokens: ["current"] },
  grace: { enforcement: "grace", tokens: ["current", "retiring", "retired"], graceMinutes: 60 },
  "grace over": { enforcement: "grace", tokens: ["current"], graceMinutes: -1 },
  listed: {
    enforcement: "on",
    tokens: ["current"],
    addressMode: "enforce",
    cidrs: ["203.0.113.0/24", "2001:db8::/32"],
  },
  watched: { enforcement: "off", tokens: [], addressMode: "observe", cidrs: ["203.0.113.0/24"] },
  "list off": { enforcement: "off", tokens: [], addressMode: "off", cidrs: ["203.0.113.0/24"] },
  "mapped list": {
    enforcement: "off",
    tokens: [],
    addressMode: "enforce",
    cidrs: ["::ffff:203.0.113.9"],
  },
  nobody: { enforcement: "off", tokens: [], addressMode: "enforce", cidrs: [] },
  broken: { enforcement: "on", tokens: ["current"], addressMode: "enforce", cidrs: ["not an address"] },
} as const satisfies Record<string, AccountSpec>;

export type AccountName = keyof typeof accounts;

const ownHeaders = [
  ["apikey", "own-key"],
  ["x-tenant", "own-tenant"],
  ["client-token", "upstream-token"],
] as const;

const known = [
  ["203.0.113.9", "n8n"],
  ["2001:db8::1", "python-requests"],
  ["203.0.113.9", ""],
] as const;

/** Each rule twice: for the path alone, and behind the name that a route has in it. */
const noDeleting = {
  kind: "except",
  rules: [
    "DELETE /instance/delete/{instance}",
    "* /admin/{*}",
    "DELETE /s/{instance}/instance/delete/{}",
    "* /s/{instance}/admin/{*}",
  ],
} as const;
const sendingOnly = {
  kind: "only",
  rules: [
    "POST /send-text",
    "GET /messages/{}",
    "POST /s/{instance}/send-text",
    "GET /s/{instance}/messages/{}",
  ],
} as const;

export const instances = {
  open: { account: "open", behind: "recorder" },
  bare: { account: "bare", behind: "recorder" },
  closed: { account: "closed", behind: "recorder" },
  "closed echo": { account: "closed", behind: "echo" },
  "open echo": { account: "open", behind: "echo", ownHeaders },
  rotating: { account: "rotating", behind: "recorder" },
  rotated: { account: "rotated", behind: "recorder" },
  tokenless: { account: "tokenless", behind: "recorder" },
  "staged on": { account: "staged", behind: "recorder", enforced: true },
  "staged off": { account: "staged", behind: "recorder" },
  "known only": { account: "grace", behind: "recorder", known },
  "known only, echo": { account: "grace", behind: "echo", known },
  "known only, enforced": { account: "grace", behind: "recorder", known, enforced: true },
  "known only, paused": { account: "grace", behind: "recorder", known, paused: true },
  "nobody known": { account: "grace", behind: "recorder" },
  "known until a minute ago": { account: "grace over", behind: "recorder", known },
  listed: { account: "listed", behind: "recorder" },
  watched: { account: "watched", behind: "recorder" },
  "list off": { account: "list off", behind: "recorder" },
  "mapped list": { account: "mapped list", behind: "recorder" },
  "nobody listed": { account: "nobody", behind: "recorder" },
  broken: { account: "broken", behind: "recorder" },
  paused: { account: "closed", behind: "recorder", paused: true },
  "paused and listed": { account: "listed", behind: "recorder", paused: true },
  "base path": { account: "open", behind: "recorder with base path" },
  "own headers": { account: "open", behind: "recorder", ownHeaders },
  "closed with own headers": { account: "closed", behind: "recorder", ownHeaders },
  unopenable: { account: "open", behind: "recorder", ownHeaders, unopenable: true },
  impatient: { account: "open", behind: "recorder", firstByteSeconds: 1 },
  "nobody behind": { account: "open", behind: "nobody" },
  "no deleting": { account: "closed", behind: "recorder", endpoints: { ...noDeleting, mode: "enforce" } },
  "no deleting, echo": { account: "open", behind: "echo", endpoints: { ...noDeleting, mode: "enforce" } },
  "no deleting, listed": {
    account: "listed",
    behind: "recorder",
    endpoints: { ...noDeleting, mode: "enforce" },
  },
  "sending only": { account: "open", behind: "recorder", endpoints: { ...sendingOnly, mode: "enforce" } },
  "sending only, watched": {
    account: "open",
    behind: "recorder",
    endpoints: { ...sendingOnly, mode: "observe" },
  },
  "rules that nobody understands": {
    account: "open",
    behind: "recorder",
    endpoints: { mode: "enforce", kind: "except", rules: ["DELETE no-slash"] },
  },
} as const satisfies Record<string, InstanceSpec>;

export type InstanceName = keyof typeof instances;

/** Credentials of one run. Two runs on one database share none. */
export interface World {
  idOf(instance: InstanceName): string;
  instanceTokenOf(instance: InstanceName): string;
  /** The path under which it is called. */
  baseOf(instance: InstanceName): string;
  clientTokenOf(account: AccountName, token: AccountSpec["tokens"][number]): string;
}

/** Makes every credential of the world from a seed; the same seed makes the same world. */
export function makeWorld(seed: string): World {
  const hash = (...parts: string[]): Buffer =>
    createHash("sha256")
      .update([seed, ...parts].join("\n"))
      .digest();
  // Mixing a counter in gives as many bytes as are asked for.
  const stream = (...parts: string[]) => {
    let block = 0;
    return (n: number): Uint8Array => hash(...parts, String(block++)).subarray(0, n);
  };
  const idOf = (instance: InstanceName) => newInstanceId(stream("id", instance));
  const instanceTokenOf = (instance: InstanceName) => newInstanceToken(stream("token", instance));
  return {
    idOf,
    instanceTokenOf,
    baseOf: (instance) =>
      instanceBase({ instanceId: idOf(instance), instanceToken: instanceTokenOf(instance) }),
    clientTokenOf: (account, token) => formatClientToken(hash("client", account, token)),
  };
}

const minute = 60_000;

/** The tokens of an account as they are stored. */
export function tokensOf(account: AccountName, world: World): PolicyToken[] {
  const { tokens }: AccountSpec = accounts[account];
  const inTime = (ms: number) => new Date(Date.now() + ms);
  return tokens.map((name): PolicyToken => {
    const digest = clientTokenDigest(world.clientTokenOf(account, name));
    switch (name) {
      case "retiring soon":
        return { state: "retiring", digest, retireAt: inTime(60 * minute) };
      case "retired by time":
        return { state: "retiring", digest, retireAt: inTime(-minute) };
      default:
        return { state: name, digest, retireAt: null };
    }
  });
}

/** When known callers of an account stop getting in without the token; null where they do not anyway. */
export function graceUntilOf({ graceMinutes }: AccountSpec): Date | null {
  return graceMinutes === undefined ? null : new Date(Date.now() + graceMinutes * minute);
}

/** Endpoint rules as policies hold them. */
function enforcedRulesOf({ endpoints }: InstanceSpec): string | null {
  return endpoints?.mode === "enforce" ? packEndpointRules(endpoints.kind, endpoints.rules) : null;
}

/** Where an instance's requests go; `nobody` is a port that nothing listens on. */
export function upstreamUrlOf(behind: Behind, recorder: string): string | null {
  switch (behind) {
    case "echo":
      return null;
    case "recorder":
      return recorder;
    case "recorder with base path":
      return `${recorder}/base/path`;
    case "nobody":
      return "http://127.0.0.1:1";
  }
}

/** An instance's own headers as they are stored. */
export function sealedHeadersOf(
  instance: InstanceName,
  world: World,
  seal: (plain: string, context: string) => string,
): string | null {
  const { ownHeaders, unopenable }: InstanceSpec = instances[instance];
  if (!ownHeaders) return null;
  const context = `instance:${world.idOf(instance)}:${unopenable ? "elsewhere" : "headers"}`;
  return seal(JSON.stringify(ownHeaders), context);
}

/** The policy of an instance by its id, as the database would give it; throws where it could not. */
export function policyOf(
  id: string,
  world: World,
  recorder: string,
  seal: (plain: string, context: string) => string,
  answerStyle: AnswerStyle = "documented",
): InstancePolicy | null {
  const name = (Object.keys(instances) as InstanceName[]).find((key) => world.idOf(key) === id);
  if (!name) return null;
  const spec: InstanceSpec = instances[name];
  const account: AccountSpec = accounts[spec.account];
  return instancePolicy(id, {
    accountId: spec.account,
    tokenDigest: packDigest(instanceTokenDigest(world.instanceTokenOf(name))),
    paused: spec.paused ?? false,
    enforcement: account.enforcement,
    enforced: spec.enforced ?? false,
    graceUntil: graceUntilOf(account),
    known: spec.known ? new Set(spec.known.map(([address, agent]) => knownCallerKey(address, agent))) : null,
    addressMode: account.addressMode ?? "off",
    addresses: compileAddressList(account.cidrs ?? []),
    tokens: tokensOf(spec.account, world),
    endpoints: enforcedRulesOf(spec),
    upstreamUrl: upstreamUrlOf(spec.behind, recorder),
    headersSealed: sealedHeadersOf(name, world, seal),
    firstByteSeconds: spec.firstByteSeconds ?? null,
    answerStyle,
  });
}
