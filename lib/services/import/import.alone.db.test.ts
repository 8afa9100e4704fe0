import { randomBytes, randomUUID } from "node:crypto";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { config } from "@/lib/config";
import { instanceTokenDigest } from "@/lib/crypto/digest";
import { adoptSecret, keysOf, readSecretsAgain, secretInUse } from "@/lib/crypto/keys";
import { db } from "@/lib/db/client";
import { readPolicies } from "@/lib/db/policy";
import type { Actor } from "@/lib/domain/actor";
import type { ImportPreview } from "@/lib/domain/instance-import";
import { givenKey } from "@/lib/domain/policy-key";
import { epochOf, makeActor, refusedWith, trail } from "@/test/support/accounts";
import { createInstance } from "../instances/change";
import { readInstance } from "../instances/read";
import { revealInstanceToken } from "../instances/token";
import { createService } from "../services/change";
import { importInstances, previewImport } from "./import";

const settings: { secrets?: () => readonly string[] } = vi.hoisted(() => ({}));

vi.mock("@/lib/config", async (original) => {
  const real = await original<typeof import("@/lib/config")>();
  return {
    ...real,
    config: () => ({
      ...real.config(),
      ...settings,
      allowPrivateUpstreams: true,
      url: "https://latchkey.test",
      ownHostNames: new Set(["latchkey.test"]),
    }),
  };
});

let actor: Actor;
const secret = () => randomBytes(16).toString("hex");

beforeEach(async () => {
  actor = await makeActor();
});

const body = (text: string) =>
  (async function* () {
    yield new TextEncoder().encode(text);
  })();

const preview = (text: string, serviceId?: string, by = actor) =>
  previewImport(by, { body: body(text), ...(serviceId && { serviceId }) });

async function run(text: string, serviceId?: string, by = actor) {
  const { plan } = await preview(text, serviceId, by);
  return importInstances(by, { body: body(text), plan, ...(serviceId && { serviceId }) });
}

const errorsOf = ({ lines }: ImportPreview) =>
  lines.map(({ line, errors }) => [line, ...errors.map(({ field, code }) => `${field}:${code}`)].join(" "));

const service = async (by = actor) =>
  (await createService(by, { name: "Api", preset: "evolution", upstreamUrl: "https://api.example.com" }))
    .serviceId;

const names = async (by = actor) =>
  (await db.instance.findMany({ where: { accountId: by.accountId }, orderBy: { name: "asc" } })).map(
    ({ name }) => name,
  );

describe("a preview", () => {
  test("says of each line what is wrong with it, and writes nothing", async () => {
    await createInstance(actor, { name: "Bread" });
    const serviceId = await service();
    await createInstance(actor, { name: "Cake", serviceId, label: "cake", token: "cake-credential-000000" });
    const before = [await names(), await trail(actor), await epochOf(actor)];
    const found = await preview(
      [
        "name,id,token,service,label,hosts,enforced,upstream,answers,endpoint_rules",
        "Bread,,,,,,,",
        "bread,,,,,,,",
        "Fine,A1,token-of-fine-123456,,,,,",
        "Fine,A2,,,,,,",
        "FINE,A3,,,,,,",
        "Pie,A1,,,,,,",
        "Spaces,a b,,,,,,",
        ",,,,,,,https://x.example.com",
        "Rolls,,,Nobody,,,,",
        "Cake 2,,,api,cake,,,",
        "Cake 3,,cake-credential-000000,Api,cake3,,,",
        "Cake 4,,,Api,cake4,,perhaps,https://x.example.com",
        "Bad host,,,,,127.0.0.1,,",
        "Own host,,,,,latchkey.test,,",
        "Style,,,Api,style,,,,z_api,",
        "Rules,,,,,,,,other,enforce except: qr",
        "No rules,,,,,,,,,enforce only:",
      ].join("\n"),
    );
    expect(errorsOf(found)).toEqual([
      "2 name:name_taken",
      "3 name:line_case",
      "4",
      "5 name:line_double",
      "6 name:line_case",
      "7 id:line_double",
      "8 id:label_invalid",
      "9 name:required",
      "10 service:service_unknown",
      "11 label:label_taken",
      "12 token:credential_taken",
      "13 enforced:yes_or_no upstream:by_service",
      "14 hosts:host_invalid",
      "15 hosts:host_own",
      "16 answers:by_service",
      "17 answers:answers_unknown endpoint_rules:endpoint_rules_invalid",
      "18 endpoint_rules:endpoint_rules_invalid",
    ]);
    expect([found.ready, found.failing]).toEqual([1, 16]);
    expect([await names(), await trail(actor), await epochOf(actor)]).toEqual(before);
  });

  test("says of what is imported already that it is, and not of its name besides", async () => {
    const text = "name,id,token\nA,a1,8d9fB2c17aE64f0b9c1d\n";
    await run(text);
    expect(errorsOf(await preview(text))).toEqual(["2 id:id_taken"]);
  });

  test("warns of tokens that can be guessed, and lets them be imported", async () => {
    const text =
      "name,id,token\nA,a1,short\nB,b1,aaaaaaaaaaaaaaaaaaaaaaaa\nC,shop,shop-2026-key-9f\nD,d1,8d9fB2c17aE64f0b9c1d\n";
    const found = await preview(text);
    expect(found.lines.map(({ warning }) => warning?.code ?? null)).toEqual([
      "token_short",
      "token_plain",
      "token_named",
      null,
    ]);
    expect(await run(text)).toEqual({ imported: 4 });
  });

  test("shows no token", async () => {
    const token = secret();
    expect(JSON.stringify(await preview(`name,id,token\nA,a1,${token}\n`))).not.toContain(token);
  });
});

describe("an import", () => {
  test("is one change: one event, one epoch, and the same moment for all", async () => {
    const text = `name\n${Array.from({ length: 40 }, (_, n) => `Shop ${n}`).join("\n")}\n,`;
    const epoch = await epochOf(actor);
    expect(await run(text)).toEqual({ imported: 40 });
    expect(await trail(actor)).toEqual(["instance.imported"]);
    expect(await epochOf(actor)).toBe(epoch + 1n);
    const moments = await db.instance.groupBy({ by: ["createdAt"], where: { accountId: actor.accountId } });
    expect(moments).toHaveLength(1);
    const { details } = await db.auditEvent.findFirstOrThrow({
      where: { accountId: actor.accountId, action: "instance.imported" },
    });
    expect(details).toEqual({ count: 40, left: 0, format: "csv" });
  });

  test("keeps the order of the lines in lists and exports, which go by time and id", async () => {
    const wanted = Array.from({ length: 40 }, (_, n) => `Shop ${n}`);
    await run(`name\n${wanted.join("\n")}\n`);
    const orderBy = [{ createdAt: "desc" }, { id: "asc" }] as const;
    const listed = await db.instance.findMany({
      where: { accountId: actor.accountId },
      orderBy: [...orderBy],
    });
    expect(listed.map(({ name }) => name)).toEqual(wanted);
  });

  test("keeps ids, tokens, labels and settings, and callers meet them by id and token", async () => {
    const serviceId = await service();
    const [one, two] = [secret(), secret()];
    const host = `${randomUUID()}.example.com`;
    const text = JSON.stringify([
      { name: "Night", id: "3C67AB641C8A", token: one, upstream: "https://n.example.com", paused: true },
      { name: "Day", service: "API", label: "day", token: two, hosts: [host], first_byte_seconds: 9 },
    ]);
    await run(text);
    const rows = await db.instance.findMany({
      where: { accountId: actor.accountId },
      orderBy: { name: "desc" },
      include: { hostNames: true },
    });
    expect(rows).toMatchObject([
      {
        name: "Night",
        givenId: "3C67AB641C8A",
        upstreamUrl: "https://n.example.com",
        pausedAt: expect.any(Date),
      },
      { name: "Day", serviceId, label: "day", firstByteSeconds: 9, hostNames: [{ name: host }] },
    ]);
    const [night] = rows;
    const key = givenKey("3C67AB641C8A", instanceTokenDigest(one));
    expect((await readPolicies([key])).policies.get(key)?.instanceId).toBe(night?.id);
    // While a secret is replaced, its token has a digest under each of two.
    const either = givenKey("3C67AB641C8A", Buffer.concat([Buffer.alloc(32), instanceTokenDigest(one)]));
    expect((await readPolicies([either])).policies.get(either)?.instanceId).toBe(night?.id);
    expect(await revealInstanceToken(actor, { instanceId: night?.id ?? "" })).toEqual({ token: one });
    expect((await readInstance(actor, { instanceId: night?.id ?? "" })).calledId).toBe("3C67AB641C8A");
  });

  test("is refused whole when the file, or what exists, has become another since the preview", async () => {
    const text = "name\nA\nB\n";
    const { plan } = await preview(text);
    const conflict = () => refusedWith(importInstances(actor, { body: body(text), plan }));
    expect(await refusedWith(importInstances(actor, { body: body(`${text}C\n`), plan }))).toBe("conflict");
    await createInstance(actor, { name: "b" });
    expect(await conflict()).toBe("conflict");
    expect(await names()).toEqual(["b"]);
    expect(await trail(actor)).toEqual(["instance.created"]);
  });

  test("of two at once happens once", async () => {
    const text = "name,id,token\nA,a1,0123456789abcdef\n";
    const { plan } = await preview(text);
    const outcomes = await Promise.allSettled([
      importInstances(actor, { body: body(text), plan }),
      importInstances(actor, { body: body(text), plan }),
    ]);
    expect(outcomes.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    expect(await names()).toEqual(["A"]);
  });

  test("without a line that can be imported changes nothing", async () => {
    const text = "name,id\n,\nx,a b\n";
    expect(await refusedWith(run(text))).toBe("conflict");
    expect(await trail(actor)).toEqual([]);
  });

  test("names in any Unicode form are one name", async () => {
    const found = await preview("name\nCafé\nCafe\u0301\n");
    expect(errorsOf(found)).toEqual(["2", "3 name:line_double"]);
  });
});

describe("of another tenant", () => {
  let stranger: Actor;
  beforeEach(async () => {
    stranger = await makeActor();
  });

  test("the same id is given as freely as one that nobody has, whatever its form", async () => {
    const { instanceId } = await createInstance(stranger, { name: "Theirs" });
    await createInstance(stranger, { name: "Given", givenId: "THEIRS", token: secret() });
    const fresh = randomBytes(10).toString("hex");
    const found = await preview(`name,id\nA,${instanceId}\nB,THEIRS\nC,${fresh}\nD,NOBODYS\n`);
    expect(errorsOf(found)).toEqual(["2", "3", "4", "5"]);
    expect(await createInstance(actor, { name: "A", givenId: instanceId })).toHaveProperty("instanceId");
    expect(await createInstance(actor, { name: "B", givenId: "THEIRS" })).toHaveProperty("instanceId");
  });

  test("id and token together are refused in words that name nobody, as the gate would tell who has both", async () => {
    const token = secret();
    await createInstance(stranger, { name: "Given", givenId: "THEIRS", token });
    expect(errorsOf(await preview(`name,id,token\nA,THEIRS,${token}\n`))).toEqual(["2 id:id_unusable"]);
    expect(await refusedWith(createInstance(actor, { name: "A", givenId: "THEIRS", token }))).toBe(
      "invalid givenId:id_unusable",
    );
    expect(await refusedWith(createInstance(stranger, { name: "B", givenId: "THEIRS", token }))).toBe(
      "invalid givenId:id_taken",
    );
  });

  test("labels, credentials and services are out of sight", async () => {
    const theirs = await service(stranger);
    const token = secret();
    await createInstance(stranger, { name: "Shop", serviceId: theirs, label: "shop", token });
    const ours = await service();
    expect(errorsOf(await preview(`name,label,token\nShop,shop,${token}\n`, ours))).toEqual(["2"]);
    expect(await refusedWith(preview("name\nA\n", theirs))).toBe("not_found");
    expect(errorsOf(await preview(`name,service\nA,${theirs}\n`))).toEqual(["2 service:service_unknown"]);
  });
});

test("whoever sends a file slowly keeps no other account from importing", async () => {
  const slow = await makeActor();
  let go = () => {};
  const gone = new Promise<void>((resolve) => {
    go = resolve;
  });
  const dripping = async function* () {
    yield new TextEncoder().encode("na");
    await gone;
    yield new TextEncoder().encode("me\nSlow\n");
  };
  const held = [0, 1].map(() => previewImport(slow, { body: dripping() }));
  expect(await refusedWith(previewImport(slow, { body: dripping() }))).toBe("limited");
  expect(errorsOf(await preview("name\nQuick\n"))).toEqual(["2"]);
  go();
  for (const { ready } of await Promise.all(held)) expect(ready).toBe(1);
});

test("what is kept under a secret that is being replaced is as taken as before", async () => {
  const stranger = await makeActor();
  const [shared, credential] = [secret(), secret()];
  const serviceId = await service();
  await createInstance(actor, { name: "Shop", givenId: "SHOP-1", token: shared });
  await createInstance(actor, { name: "Bot", serviceId, token: credential });
  const before = secretInUse();
  const secrets = [...config().secrets(), "the secret that takes the place of the first one"];
  settings.secrets = () => secrets;
  readSecretsAgain();
  adoptSecret(keysOf(secrets.at(-1) ?? "").id, []);
  try {
    const line = `name,id,token\nOther,SHOP-1,${shared}\n`;
    expect(errorsOf(await preview(line, undefined, stranger))).toEqual(["2 id:id_unusable"]);
    expect(errorsOf(await preview(line))).toEqual(["2 id:id_taken"]);
    expect(errorsOf(await preview(`name,token\nOther,${credential}\n`, serviceId))).toEqual([
      "2 token:credential_taken",
    ]);
    const given = { name: "Other", givenId: "SHOP-1", token: shared };
    expect(await refusedWith(createInstance(stranger, given))).toBe("invalid givenId:id_unusable");
    expect(await refusedWith(createInstance(actor, given))).toBe("invalid givenId:id_taken");
    expect(await refusedWith(createInstance(actor, { name: "Other", serviceId, token: credential }))).toBe(
      "invalid token:credential_taken",
    );
  } finally {
    adoptSecret(before, []);
  }
});
