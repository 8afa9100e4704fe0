import { randomBytes } from "node:crypto";
import { beforeEach, expect, test } from "vitest";
import { db } from "@/lib/db/client";
import type { Actor } from "@/lib/domain/actor";
import { makeActor, refusedWith } from "@/test/support/accounts";
import { createInstance } from "../instances/change";
import { createService } from "../services/change";
import { exportInstanceSecrets, exportInstances, type InstanceExport } from "./export";
import { importInstances, previewImport } from "./import";

let actor: Actor;
const secret = () => randomBytes(16).toString("hex");

beforeEach(async () => {
  actor = await makeActor();
});

const makeService = async (by: Actor) => {
  const input = { name: "Api", preset: "evolution", upstreamUrl: "https://api.example.com" };
  return (await createService(by, input)).serviceId;
};

async function run(text: string, by: Actor) {
  const body = async function* () {
    yield new TextEncoder().encode(text);
  };
  const { plan } = await previewImport(by, { body: body() });
  return importInstances(by, { body: body(), plan });
}

async function whole({ pieces }: InstanceExport): Promise<string> {
  let text = "";
  for await (const piece of pieces) text += piece;
  return text;
}

test.each(["csv", "json"])(
  "an export as %s, imported elsewhere, gives the same instances to the same callers",
  async (format) => {
    const serviceId = await makeService(actor);
    await createInstance(actor, { name: "=1+1", upstreamUrl: "https://a.example.com" });
    await createInstance(actor, { name: '\'-Given; "quoted"', givenId: "G-1", token: secret() });
    await createInstance(actor, { name: "Café", serviceId, label: "cafe" });
    await createInstance(actor, { name: "By credential", serviceId, token: secret() });
    await db.instance.updateMany({
      where: { accountId: actor.accountId, serviceId: null },
      data: {
        answerStyle: "unauthorized",
        endpointMode: "enforce",
        endpointKind: "only",
        endpointRules: ["GET /qr", "* /chats/{}/{*}"],
      },
    });
    const text = await whole(await exportInstanceSecrets(actor, { format }));
    const other = await makeActor();
    await makeService(other);
    // On this installation the same ids and tokens are taken: they are given up first.
    const kept = await db.instance.findMany({
      where: { accountId: actor.accountId },
      orderBy: { name: "asc" },
    });
    await db.instance.deleteMany({ where: { accountId: actor.accountId } });
    await run(text, other);
    const now = await db.instance.findMany({
      where: { accountId: other.accountId },
      orderBy: { name: "asc" },
    });
    const facts = (rows: typeof now) =>
      rows.map(
        ({ id, accountId: _, givenId, tokenSealed: __, serviceId: of, createdAt, updatedAt, ...rest }) => ({
          ...rest,
          called: givenId ?? id,
          through: of !== null,
        }),
      );
    expect(facts(now)).toEqual(facts(kept));
    const lines = (all: string) => all.split(/,?\r?\n/).sort();
    expect(lines(await whole(await exportInstanceSecrets(other, { format })))).toEqual(lines(text));
  },
);

test("an export has tokens only after a fresh proof, and leaves an event either way", async () => {
  const token = secret();
  await createInstance(actor, { name: "A", token });
  expect(await whole(await exportInstances(actor, { format: "csv" }))).not.toContain(token);
  const old = { ...actor, provenAt: new Date(0) };
  expect(await refusedWith(exportInstanceSecrets(old, { format: "csv" }))).toBe("proof_required");
  expect(await whole(await exportInstanceSecrets(actor, { format: "json" }))).toContain(token);
  const events = await db.auditEvent.findMany({
    where: { accountId: actor.accountId, action: "instance.exported" },
    orderBy: { seq: "asc" },
  });
  expect(events.map(({ details }) => details)).toEqual([
    { format: "csv", count: 1, flag: false },
    { format: "json", count: 1, flag: true },
  ]);
  expect(await refusedWith(exportInstances(actor, { format: "xml" }))).toBe("invalid format:choice_invalid");
});
