import { beforeEach, describe, expect, test } from "vitest";
import { db } from "@/lib/db/client";
import type { Actor } from "@/lib/domain/actor";
import type { UpstreamHeader } from "@/lib/domain/instance";
import { makeActor, refusedWith } from "@/test/support/accounts";
import { createInstance } from "./change";
import { readInstance } from "./read";
import { changeUpstream, openHeaders } from "./upstream";

let actor: Actor;
let instanceId: string;

beforeEach(async () => {
  actor = await makeActor();
  const upstreamUrl = "https://api.example.com/v1";
  ({ instanceId } = await createInstance(actor, { name: "Bread", upstreamUrl }));
});

const set = (headers: UpstreamHeader[], upstreamUrl = "https://api.example.com/v1") =>
  changeUpstream(actor, { instanceId, upstreamUrl, headers, firstByteSeconds: "" });

const stored = async () => {
  const row = await db.instance.findUniqueOrThrow({ where: { id: instanceId } });
  return { sealed: row.headersSealed, pairs: openHeaders(`instance:${instanceId}`, row.headersSealed) };
};

describe("upstream headers", () => {
  test("are sealed, and open again in their own instance only", async () => {
    await set([
      { name: "apikey", value: "  s3cret value " },
      { name: "X-Tenant", value: "7" },
    ]);
    const { sealed, pairs } = await stored();
    expect(pairs).toEqual([
      ["apikey", "s3cret value"],
      ["X-Tenant", "7"],
    ]);
    expect(sealed).not.toContain("s3cret");
    expect(() => openHeaders("instance:another", sealed)).toThrow();
    const detail = await readInstance(actor, { instanceId });
    expect(detail.headerNames).toEqual(["apikey", "X-Tenant"]);
    expect(JSON.stringify(detail)).not.toContain("s3cret");
  });

  test("a null value keeps the stored one, whatever the name's case", async () => {
    await set([{ name: "apikey", value: "one" }]);
    await set(
      [
        { name: "ApiKey", value: null },
        { name: "other", value: "two" },
      ],
      "https://api.example.com/v2",
    );
    expect((await stored()).pairs).toEqual([
      ["ApiKey", "one"],
      ["other", "two"],
    ]);
    expect(await refusedWith(set([{ name: "fresh", value: null }]))).toBe("invalid headers.0.value:required");
    await set([]);
    expect((await stored()).sealed).toBeNull();
  });

  test.each(["https://evil.example/", "http://api.example.com", "https://api.example.com:8443", ""])(
    "a kept value does not follow to another origin: %j",
    async (elsewhere) => {
      await set([{ name: "apikey", value: "one" }]);
      const moved = set([{ name: "apikey", value: null }], elsewhere);
      expect(await refusedWith(moved)).toBe("invalid headers.0.value:required");
      await set([{ name: "apikey", value: "two" }], elsewhere);
      expect((await stored()).pairs).toEqual([["apikey", "two"]]);
    },
  );

  test("the trail names hosts and counts, never values or paths", async () => {
    await set([{ name: "apikey", value: "s3cret" }], "https://hooks.example.com/T0KEN/path");
    const event = await db.auditEvent.findFirstOrThrow({
      where: { accountId: actor.accountId, action: "instance.upstream_changed" },
    });
    expect(event.details).toEqual({ from: "api.example.com", to: "hooks.example.com", headers: 1 });
  });
});

describe("the time to the first byte", () => {
  const give = (firstByteSeconds: string) =>
    changeUpstream(actor, {
      instanceId,
      upstreamUrl: "https://api.example.com",
      headers: [],
      firstByteSeconds,
    });

  test.each([
    ["", null],
    ["  ", null],
    ["1", 1],
    [" 90 ", 90],
    ["3600", 3600],
  ])("%j is kept as %j", async (text, kept) => {
    await give("7");
    await give(text);
    expect((await readInstance(actor, { instanceId })).firstByteSeconds).toBe(kept);
  });

  test.each(["0", "3601", "-1", "1.5", "1e3", "soon", "٣"])("%j is refused by its field", async (text) => {
    await give("7");
    expect(await refusedWith(give(text))).toBe("invalid firstByteSeconds:seconds_invalid");
    expect((await readInstance(actor, { instanceId })).firstByteSeconds).toBe(7);
  });
});

describe("the style of answers", () => {
  const change = (more: { answerStyle?: string }) =>
    changeUpstream(actor, { instanceId, upstreamUrl: "", headers: [], firstByteSeconds: "", ...more });
  const style = async () => (await readInstance(actor, { instanceId })).answerStyle;

  test("is the contract's until another is chosen, and stays where none is named", async () => {
    expect(await style()).toBe("documented");
    await change({ answerStyle: "z_api" });
    await change({});
    expect(await style()).toBe("z_api");
    expect(await refusedWith(change({ answerStyle: "teapot" }))).toBe("invalid answerStyle:choice_invalid");
  });
});
