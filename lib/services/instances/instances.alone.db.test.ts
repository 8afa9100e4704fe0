import { beforeEach, describe, expect, test, vi } from "vitest";
import { instanceTokenDigest } from "@/lib/crypto/digest";
import { db } from "@/lib/db/client";
import type { Actor } from "@/lib/domain/actor";
import { atOnce, makeActor, refusedWith, trail } from "@/test/support/accounts";
import { createInstance, removeInstance, renameInstance, setInstancePaused } from "./change";
import { readInstance } from "./read";
import { regenerateInstanceToken, revealInstanceToken } from "./token";

vi.mock("@/lib/config", async (original) => {
  const real = await original<typeof import("@/lib/config")>();
  return { ...real, config: () => ({ ...real.config(), allowPrivateUpstreams: false }) };
});

let actor: Actor;
let instanceId: string;

beforeEach(async () => {
  actor = await makeActor();
  ({ instanceId } = await createInstance(actor, { name: "Bread" }));
});

const read = () => readInstance(actor, { instanceId });

describe("createInstance", () => {
  test("makes an echo without an upstream URL", async () => {
    expect(instanceId).toMatch(/^[0-9A-Za-z]{20}$/);
    expect(await read()).toMatchObject({ name: "Bread", upstreamUrl: null, paused: false, headerNames: [] });
  });

  test("keeps the URL in its normal form", async () => {
    const made = await createInstance(actor, { name: "Api", upstreamUrl: " HTTPS://Api.Example.com/v1/ " });
    expect(await readInstance(actor, made)).toMatchObject({ upstreamUrl: "https://api.example.com/v1" });
  });

  test("cleans the name", async () => {
    const made = await createInstance(actor, { name: "  Café\u0000\u202e \n au   lait " });
    expect(await readInstance(actor, made)).toMatchObject({ name: "Café au lait" });
  });

  test("names every wrong field", async () => {
    const wrong = createInstance(actor, { name: "", upstreamUrl: "ftp://example.com" });
    expect(await refusedWith(wrong)).toBe("invalid name:required upstreamUrl:url_scheme");
    const long = createInstance(actor, { name: "é".repeat(81), upstreamUrl: "http://127.0.0.1" });
    expect(await refusedWith(long)).toBe("invalid name:too_long upstreamUrl:url_private");
    expect(await refusedWith(createInstance(actor, { name: "bREAD" }))).toBe("invalid name:name_taken");
    await createInstance(actor, { name: "é".repeat(80) });
  });
});

describe("changing an instance", () => {
  test("renames, in its own case too", async () => {
    await createInstance(actor, { name: "Cake" });
    await renameInstance(actor, { instanceId, name: "bread" });
    await renameInstance(actor, { instanceId, name: "bread" });
    expect(await refusedWith(renameInstance(actor, { instanceId, name: "CAKE" }))).toBe(
      "invalid name:name_taken",
    );
    expect(await read()).toMatchObject({ name: "bread" });
    expect(await trail(actor)).toEqual(["instance.created", "instance.created", "instance.renamed"]);
  });

  test("pauses and resumes; twice is as good as once", async () => {
    await setInstancePaused(actor, { instanceId, paused: true });
    await setInstancePaused(actor, { instanceId, paused: true });
    expect(await read()).toMatchObject({ paused: true });
    await setInstancePaused(actor, { instanceId, paused: false });
    await setInstancePaused(actor, { instanceId, paused: false });
    expect(await read()).toMatchObject({ paused: false });
    expect(await trail(actor)).toEqual(["instance.created", "instance.paused", "instance.resumed"]);
  });

  test("is removed only by its name", async () => {
    const wrong = removeInstance(actor, { instanceId, confirmName: "bread" });
    expect(await refusedWith(wrong)).toBe("invalid confirmName:name_mismatch");
    await removeInstance(actor, { instanceId, confirmName: " Bread " });
    expect(await refusedWith(read())).toBe("not_found");
    expect(await trail(actor)).toEqual(["instance.created", "instance.deleted"]);
  });
});

describe("a name with something in it that cannot be seen", () => {
  const rename = (name: string) => db.instance.update({ where: { id: instanceId }, data: { name } });

  test.each(["Br\u200bead", "Bread\u3164", "\u2800Bread", "Br\u{e0041}ead"])(
    "does not stand beside the same one without it: %j",
    async (name) => {
      expect(await refusedWith(createInstance(actor, { name }))).toBe("invalid name:name_taken");
      await rename(name);
      expect(await refusedWith(createInstance(actor, { name: "Bread" }))).toBe("invalid name:name_taken");
    },
  );

  test.each(["\u200b", "\u3164", "\u2800", "\u{e0041}\u{e0042}"])("is none: %j", async (name) => {
    expect(await refusedWith(createInstance(actor, { name }))).toBe("invalid name:required");
    expect(await refusedWith(renameInstance(actor, { instanceId, name }))).toBe("invalid name:required");
  });

  test("that was kept before is shown and confirmed as it is seen", async () => {
    await rename("Br\u200bead\u3164");
    expect(await read()).toMatchObject({ name: "Bread" });
    await removeInstance(actor, { instanceId, confirmName: "Bread" });
    expect(await refusedWith(read())).toBe("not_found");
  });

  test("and nothing else is shown and confirmed by its code points", async () => {
    await rename("\u200b");
    expect(await read()).toMatchObject({ name: "U+200B" });
    expect(await refusedWith(removeInstance(actor, { instanceId, confirmName: "" }))).toBe(
      "invalid confirmName:name_mismatch",
    );
    await removeInstance(actor, { instanceId, confirmName: "U+200B" });
  });
});

describe("the instance token", () => {
  test("is shown again only after a fresh proof, and every look leaves an event", async () => {
    const { token } = await revealInstanceToken(actor, { instanceId });
    expect(token).toMatch(/^[0-9A-Za-z]{32}$/);
    const row = await db.instance.findUniqueOrThrow({ where: { id: instanceId } });
    expect(Buffer.from(row.tokenDigest)).toEqual(instanceTokenDigest(token));
    const stale = { ...actor, provenAt: new Date(Date.now() - 11 * 60_000) };
    expect(await refusedWith(revealInstanceToken(stale, { instanceId }))).toBe("proof_required");
    expect(await refusedWith(regenerateInstanceToken(stale, { instanceId }))).toBe("proof_required");
    expect(await trail(actor)).toEqual(["instance.created", "instance.token_revealed"]);
  });

  test("is replaced at once; of several clicks one wins", async () => {
    const old = await revealInstanceToken(actor, { instanceId });
    const outcomes = await atOnce(actor, () => regenerateInstanceToken(actor, { instanceId }), 4);
    const won = outcomes.flatMap((outcome) => (outcome.status === "fulfilled" ? [outcome.value.token] : []));
    expect(won).toHaveLength(1);
    expect(won).not.toContain(old.token);
    expect((await revealInstanceToken(actor, { instanceId })).token).toBe(won[0]);
  });
});
