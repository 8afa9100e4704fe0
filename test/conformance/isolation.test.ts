import { Readable } from "node:stream";
import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { clientTokenDigest, instanceTokenDigest } from "@/lib/crypto/digest";
import { seal } from "@/lib/crypto/sealed-box";
import { type InstancePolicy, packDigest } from "@/lib/domain/gate";
import { credentialKey, labelKey } from "@/lib/domain/policy-key";
import { type Preset, presets, routesOf } from "@/lib/domain/preset";
import { formatClientToken } from "@/lib/domain/token-format";
import { judgeRequest } from "@/lib/gate/decide/judge";
import type { GateRequest } from "@/lib/gate/messages";
import { HostDirectory } from "@/lib/gate/policy/host-directory";
import { upstreamRequest } from "@/lib/gate/proxy/upstream-request";
import { testBodies, testRequest } from "../support/gate";
import {
  evolution,
  type GatewayRequest,
  greenApi,
  type Reach,
  telegram,
  waha,
  whatsappWebJs,
  wppconnect,
  wuzapi,
  zApi,
} from "../support/gateways";
import { instancePolicy } from "../support/instance-policy";

/** Two accounts, each with a service of its own to the same server, and one instance: `foo` and `bar`. */
const own = {
  account: "a",
  service: "00000000-0000-4000-8000-00000000000a",
  host: "a.example.com",
  label: "foo",
  secret: "foo-token",
};
const other = {
  account: "b",
  service: "00000000-0000-4000-8000-00000000000b",
  host: "b.example.com",
  label: "bar",
  secret: "bar-token",
};
/** The contract's own path to the instance, and a host name that is its alone: they lead no further. */
const ownBase = `/instances/${own.account.repeat(20)}/token/${own.secret}`;
const ownHost = "foo.example.com";
const tokenOf = ({ account }: typeof own) => formatClientToken(Buffer.alloc(32, account));

function policyOf(who: typeof own): InstancePolicy {
  return instancePolicy(who.account.repeat(20), {
    key: labelKey(who.service, who.label),
    accountId: who.account,
    tokenDigest: packDigest(instanceTokenDigest(who.secret)),
    tokens: [{ state: "current", digest: clientTokenDigest(tokenOf(who)), retireAt: null }],
    upstreamUrl: "http://gateway.test",
    serviceId: who.service,
    serviceHeadersSealed: seal(JSON.stringify([["apikey", "global-key"]]), `service:${who.service}:headers`),
  });
}

async function openDirectory(preset: Preset): Promise<HostDirectory> {
  const directory = new HostDirectory({
    domain: null,
    ownNames: new Set(),
    readEpochs: async () => new Map([own, other].map(({ account }) => [account, 1n])),
    readParts: async (ids) =>
      [own, other]
        .filter(({ account }) => ids.includes(account))
        .map(({ account, service, host }) => ({
          accountId: account,
          epoch: 1n,
          instanceHosts: account === own.account ? [[ownHost, own.account.repeat(20), own.service]] : [],
          services: [
            {
              id: service,
              accountId: account,
              hosts: [host],
              routes: routesOf(preset),
              strayParameters: preset.strayParameters,
              tokenHeader: "apikey",
              upstreamUrl: "http://gateway.test",
              firstByteSeconds: null,
              answerStyle: "documented",
            },
          ],
        })),
  });
  await directory.compare();
  return directory;
}

/** What reaches the upstream of a request; null when the gate answers it. */
async function passedOn(request: GateRequest, directory: HostDirectory): Promise<GatewayRequest | null> {
  const policies = new Map(
    [own, other].flatMap((who) => {
      const policy = policyOf(who);
      const byCredential = credentialKey(who.service, instanceTokenDigest(who.secret));
      return [policy.key, policy.instanceId, byCredential].map((key) => [key, policy] as const);
    }),
  );
  const judged = await judgeRequest(request, {
    directory,
    readPolicy: (key) => policies.get(key) ?? null,
    bodies: testBodies,
    now: () => new Date(),
    log: { info() {}, error() {} },
  });
  if (judged.kind === "reject") return null;
  const options = { ownHostName: null, ownOrigin: true, upgrade: false };
  const { target, method, headers, body } = upstreamRequest(judged.request, judged, options);
  const chunks = body ? await body.toArray() : [];
  const lines = headers.flatMap((name, at) => (at % 2 === 0 ? [[name, headers[at + 1] ?? ""] as const] : []));
  return {
    target,
    method,
    headers: new Map(lines),
    body: Buffer.concat(chunks.map((chunk) => Buffer.from(chunk))),
  };
}

const names = [
  "foo",
  "bar",
  "Bar",
  "%62ar",
  "ba%72",
  "bar%2f..",
  "foo%2fbar",
  "foo%00bar",
  "foo;bar",
  "bar%20",
];
const tricks = [
  "..",
  ".",
  "%2e%2e",
  "",
  "foo:t",
  "bar:t",
  "foo:bar",
  "foo%3Abar",
  "foo\\bar",
  "foo,bar",
  "b\u00e4r",
];
const words = {
  evolution:
    "message sendText instance create fetchInstances delete connectionState Instance socket.io s3 typebot".split(
      " ",
    ),
  waha: "api sendText sessions start contacts all files chats server send tenants apps API ws".split(" "),
  wppconnect:
    "api send-message show-all-sessions generate-token secret start-session start-all restore-sessions API".split(
      " ",
    ),
  "whatsapp-web-js": "session client terminateAll terminateInactive getSessions qr image ws".split(" "),
  wuzapi: "admin users session chat send status webhook Admin".split(" "),
  "green-api": "waInstancefoo waInstancebar partner getStateInstance bar-token createInstance".split(" "),
  telegram: "botfoo-token botbar-token BOTbar-token file getMe test".split(" "),
  "z-api": "instances token bar-token foo-token send-text on-demand Instances".split(" "),
};
const parameters = [
  ...[
    "session",
    "instanceName",
    "instancename",
    "session[]",
    "%73ession",
    "token",
    "Token",
    "token[]",
    "session%5B%5D",
    "s",
    "instance",
  ],
  ...["instanceName[x]", " instanceName", "instanceName.x", "%69nstanceName", "instance%4eame"],
  ...["session%00", "%2573ession", "?session", "__proto__[session]", "__proto__[instanceName]", "token%00"],
].flatMap((key) =>
  ["foo", "bar", "/instance/create", "%2Finstance%2Fcreate"].map((value) => `${key}=${value}`),
);
const bodies = [
  '{"session":"foo"}',
  '{"session":"bar"}',
  '{"session":"foo","session":"bar"}',
  '{"session":"bar","session":"foo"}',
  '{"session":"foo","Session":"bar"}',
  '{"session":"foo","s\\u0065ssion":"bar"}',
  '{"session":"fo\\u006f"}',
  '{"session":"ba\\u0072"}',
  '{"session":["bar"]}',
  '{"session":"foo","a":{"session":"bar"}}',
  '{"a":[{"session":"bar"}],"session":"foo"}',
  '\ufeff{"session":"foo"}',
  '[{"session":"bar"}]',
  "session=bar",
  "session=foo&session=bar",
  '{"instanceName":"bar","session":"foo"}',
  '{"session":"foo"}{"session":"bar"}',
  '{"session":"foo","__proto__":{"session":"bar"}}',
  "",
];
const types = [
  "application/json",
  "application/json; charset=utf-8",
  "application/json; charset=utf-16le",
  "application/x-www-form-urlencoded",
  "text/plain",
  "application/json, text/plain",
];

const overriding = ["x-http-method-override", "x-rewrite-url", "x-override-url"];

/** Requests of one gateway and everything that one could make of them. */
function requests(id: keyof typeof words): fc.Arbitrary<GateRequest> {
  const usual = {
    evolution: ["/message/sendText/foo", "/instance/delete/foo", "/typebot/update/1/foo"],
    waha: ["/api/sendText", "/api/foo/chats", "/api/sessions/foo", "/api/sessions/foo/stop", "/ws"],
    wppconnect: ["/api/foo/send-message", "/api/foo:foo-token/send-message"],
    "whatsapp-web-js": ["/client/sendMessage/foo", "/session/terminate/foo", "/session/qr/foo/image"],
    wuzapi: ["/chat/send/text", "/session/status", "/webhook"],
    "green-api": ["/waInstancefoo/sendMessage/foo-token", "/waInstancefoo/downloadFile/foo-token/1"],
    telegram: ["/botfoo-token/getMe", "/botfoo-token/test/getMe", "/file/botfoo-token/a/b"],
    "z-api": ["/instances/foo/token/foo-token/send-text", "/instances/foo/token/foo-token/a/b"],
  }[id];
  const segment = fc.oneof(
    fc.constantFrom(...words[id]),
    fc.constantFrom(...names),
    fc.constantFrom(...tricks),
  );
  const path = fc.oneof(
    { weight: 2, arbitrary: fc.constantFrom(...usual) },
    fc
      .constantFrom(...usual)
      .chain((text) =>
        fc
          .tuple(fc.integer({ min: 1, max: text.split("/").length - 1 }), segment)
          .map(([at, other]) => text.split("/").with(at, other).join("/")),
      ),
    fc.constantFrom(...usual).chain((text) => segment.map((other) => text.replace("foo", () => other))),
    fc.array(segment, { maxLength: 5 }).map((all) => `/${all.join("/")}`),
  );
  const query = fc.array(fc.constantFrom(...parameters), { maxLength: 2 });
  const separator = fc.constantFrom("&", ";");
  const headers = fc.record({
    type: fc.oneof({ weight: 3, arbitrary: fc.constant(types[0] ?? "") }, fc.constantFrom(...types)),
    encoding: fc.constantFrom(null, null, null, "gzip", "identity"),
    second: fc.constantFrom(null, null, null, ...types),
  });
  return fc
    .record({
      path: fc.tuple(fc.constantFrom("", "", "", ownBase), path).map((parts) => parts.join("")),
      credential: fc.constantFrom(
        own.secret,
        own.secret,
        other.secret,
        `${own.secret}, ${other.secret}`,
        null,
      ),
      twin: fc.constantFrom(null, null, null, "Token", "token_"),
      hop: fc.constantFrom(null, null, null, "token", "keep-alive, Content-Type", "content-length", "apikey"),
      query,
      separator,
      headers,
      method: fc.constantFrom("GET", "POST", "POST", "PUT", "DELETE", "HEAD"),
      host: fc.constantFrom(own.host, own.host, own.host, "A.Example.com.:443", ownHost, other.host),
      body: fc.oneof({ weight: 2, arbitrary: fc.constant(bodies[0] ?? "") }, fc.constantFrom(...bodies)),
      inHeader: fc.constantFrom("client-token", "apikey"),
      override: fc.oneof({ weight: 9, arbitrary: fc.constant(null) }, fc.constantFrom(...overriding)),
    })
    .map((given) => {
      const { type, encoding, second } = given.headers;
      const lines = ["host", given.host, given.inHeader, tokenOf(own), "content-type", type];
      if (given.credential) lines.push("token", given.credential);
      if (given.twin) lines.push(given.twin, other.secret);
      if (given.hop) lines.push("connection", given.hop);
      if (given.override)
        lines.push(given.override, given.override.endsWith("-url") ? "/api/bar/chats" : "GET");
      if (encoding) lines.push("content-encoding", encoding);
      if (second) lines.push("content_type", second);
      const search = given.query.length > 0 ? `?${given.query.join(given.separator)}` : "";
      const body = ["GET", "HEAD"].includes(given.method) ? null : Readable.from([Buffer.from(given.body)]);
      return testRequest({
        method: given.method,
        target: given.path + search,
        headers: lines,
        host: given.host,
        body,
      });
    });
}

const gateways: readonly (readonly [keyof typeof words, Reach])[] = [
  ["evolution", evolution],
  ["waha", waha],
  ["wppconnect", wppconnect],
  ["whatsapp-web-js", whatsappWebJs],
  ["wuzapi", wuzapi],
  ["green-api", greenApi],
  ["telegram", telegram],
  ["z-api", zApi],
];

beforeAll(() => {
  process.env.LATCHKEY_SECRET ??= "conformance-table-secret-0123456789";
});

test("under the host of an instance the token counts in the header of its service, and does not go on", async () => {
  const directory = await openDirectory(presets.any);
  const sentWith = (token: string) => {
    const headers = ["host", ownHost, "apikey", token];
    return passedOn(
      testRequest({ target: "/any/path", host: ownHost, headers, method: "GET", body: null }),
      directory,
    );
  };
  expect((await sentWith(tokenOf(own)))?.headers.get("apikey")).toBe("global-key");
  expect(await sentWith(tokenOf(other))).toBeNull();
});

test.each(["token", "close, Token", "x,\ttoken ,y"])(
  "a request that has Connection take away what names its instance (%s) is nobody's",
  async (connection) => {
    const directory = await openDirectory(presets.wuzapi);
    const sentWith = (more: readonly string[]) => {
      const headers = ["host", own.host, "client-token", tokenOf(own), "token", own.secret, ...more];
      const request = { target: "/session/status", host: own.host, headers, method: "GET", body: null };
      return passedOn(testRequest(request), directory);
    };
    expect((await sentWith(["connection", "keep-alive, te"]))?.headers.get("token")).toBe(own.secret);
    expect(await sentWith(["connection", connection])).toBeNull();
  },
);

describe.each(gateways)("two tenants on one %s with one key", (id, reach) => {
  test("no request of one reaches a session of the other, or what concerns all", async () => {
    const directory = await openDirectory(presets[id]);
    let passed = 0;
    await fc.assert(
      fc.asyncProperty(requests(id), async (request) => {
        const { target, method } = request;
        const sent = await passedOn(request, directory);
        if (sent === null) return;
        const reached = reach(sent);
        expect([...sent.headers.keys()].filter((name) => overriding.includes(name))).toEqual([]);
        const others = reached.filter((session) => session !== own.label);
        expect([method, target, sent.body.toString(), others]).toEqual([
          method,
          target,
          sent.body.toString(),
          [],
        ]);
        expect([...sent.headers.values()].join()).not.toContain(tokenOf(own));
        if (reached.length > 0) {
          passed++;
          expect(sent.headers.get("apikey")).toBe("global-key");
        }
      }),
      { numRuns: 1000 },
    );
    // Otherwise it would show nothing.
    expect(passed).toBeGreaterThan(40);
  });
});
