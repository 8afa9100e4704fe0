import { beforeEach, describe, expect, test } from "vitest";
import { db } from "@/lib/db/client";
import type { Actor } from "@/lib/domain/actor";
import { mostAddressRules } from "@/lib/domain/address-rule";
import { atOnce, epochOf, makeActor, refusedWith, trail } from "@/test/support/accounts";
import { everyAddressChange } from "@/test/support/use-cases";
import { forecastAddresses, readAddressRestriction } from "./read";
import {
  addAddressLines,
  addAddressRule,
  addCurrentAddress,
  noteAddressRule,
  removeAddressRule,
} from "./rules";

let actor: Actor;

beforeEach(async () => {
  actor = await makeActor();
});

const add = (address: string, note = "", by = actor) => addAddressRule(by, { address, note });
const stored = async (of = actor) =>
  (await readAddressRestriction(of)).rules.map(({ cidr, note }) => (note ? `${cidr} ${note}` : cidr));

async function ruleId(cidr: string): Promise<string> {
  const { rules } = await readAddressRestriction(actor);
  return rules.find((rule) => rule.cidr === cidr)?.id ?? "";
}

describe("the list", () => {
  test("an entry is kept in its one form, with its note, and alters the decision once", async () => {
    const epoch = await epochOf(actor);
    await add(" ::ffff:203.0.113.0/120 ", "  Shop \n server ");
    await add("2001:DB8::1/128");
    expect(await stored()).toEqual(["2001:db8::1", "203.0.113.0/24 Shop server"]);
    expect(await epochOf(actor)).toBe(epoch + 2n);
    expect(await trail(actor)).toEqual(["address.added", "address.added"]);
  });

  test("what cannot be read, is there already or is too long is refused by name, and nothing is kept", async () => {
    await add("203.0.113.9");
    for (const [address, code] of [
      ["", "required"],
      ["shop.example.com", "address_invalid"],
      ["10.0.0.1/8", "address_host_bits"],
      ["fe80::1%eth0", "address_zone"],
      ["203.0.113.9/32", "address_listed"],
      ["::ffff:203.0.113.9", "address_listed"],
    ] as const) {
      expect(await refusedWith(add(address))).toBe(`invalid address:${code}`);
    }
    expect(await refusedWith(add("10.0.0.1", "x".repeat(201)))).toBe("invalid note:too_long");
    expect(await refusedWith(add(7 as unknown as string))).toBe("invalid address:required");
    expect(await stored()).toEqual(["203.0.113.9"]);
    expect(await trail(actor)).toEqual(["address.added"]);
  });

  test("overlaps are told", async () => {
    await add("203.0.113.0/24");
    expect((await add("203.0.113.9")).overlaps).toEqual([
      { cidr: "203.0.113.9", inside: true, other: "203.0.113.0/24" },
    ]);
    const wider = await add("203.0.0.0/16");
    expect(wider.overlaps.map(({ inside, other }) => [inside, other])).toEqual([
      [false, "203.0.113.9"],
      [false, "203.0.113.0/24"],
    ]);
    expect((await add("2001:db8::/32")).overlaps).toEqual([]);
  });

  test("many lines are added all or not at all, and each wrong line is named", async () => {
    await add("203.0.113.9");
    const wrong = addAddressLines(actor, { text: "10.0.0.0/8 ok\nnonsense\n\n10.0.0.1/8\nfe80::1%eth0" });
    expect(await refusedWith(wrong)).toBe(
      "invalid text.2:address_invalid text.4:address_host_bits text.5:address_zone",
    );
    expect(await stored()).toEqual(["203.0.113.9"]);
    const text = "10.0.0.0/8 Office\n203.0.113.9 again\n10.0.0.0/8 twice\n2001:db8::/32";
    expect(await addAddressLines(actor, { text })).toMatchObject({
      added: ["10.0.0.0/8", "2001:db8::/32"],
      known: 2,
    });
    expect(new Set(await stored())).toEqual(new Set(["10.0.0.0/8 Office", "2001:db8::/32", "203.0.113.9"]));
    expect(await addAddressLines(actor, { text })).toMatchObject({ added: [], known: 4 });
    expect(await trail(actor)).toEqual(["address.added", "address.added_many"]);
    expect(await refusedWith(addAddressLines(actor, { text: "\n# nothing\n" }))).toBe(
      "invalid text:required",
    );
  });

  test("a list has an end, also when two add to it at once", async () => {
    const lines = (from: number, count: number) =>
      Array.from({ length: count }, (_, n) => `10.0.${(from + n) >> 8}.${(from + n) & 255}`).join("\n");
    await addAddressLines(actor, { text: lines(0, mostAddressRules - 1) });
    const clicks = await atOnce(actor, (position) => add(`192.0.2.${position}`));
    expect(clicks.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    expect(await stored()).toHaveLength(mostAddressRules);
    expect(await refusedWith(addAddressLines(actor, { text: lines(5000, 1) }))).toBe(
      "invalid text:addresses_too_many",
    );
  });

  test("of several clicks at once on one address, one adds it", async () => {
    const clicks = await atOnce(actor, () => add("203.0.113.9"));
    expect(clicks.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    expect(await trail(actor)).toEqual(["address.added"]);
  });

  test("the current address is the one Latchkey sees; one it cannot tell is refused", async () => {
    expect((await readAddressRestriction(actor)).current).toEqual({
      address: actor.address,
      kind: "private",
      listed: false,
    });
    await addCurrentAddress(actor, { note: "Me" });
    expect(await stored()).toEqual([`${actor.address} Me`]);
    expect((await readAddressRestriction(actor)).current.listed).toBe(true);
    const nowhere = { ...actor, address: "unknown" };
    expect((await readAddressRestriction(nowhere)).current.address).toBeNull();
    expect(await refusedWith(addCurrentAddress(nowhere, { note: "" }))).toBe(
      "invalid address:address_unknown",
    );
  });

  test("a note changes without altering the decision; the same note again is no event", async () => {
    await add("203.0.113.9", "Shop");
    const epoch = await epochOf(actor);
    const id = await ruleId("203.0.113.9");
    await noteAddressRule(actor, { ruleId: id, note: "Old shop" });
    await noteAddressRule(actor, { ruleId: id, note: " Old shop " });
    expect(await stored()).toEqual(["203.0.113.9 Old shop"]);
    expect(await epochOf(actor)).toBe(epoch);
    expect(await trail(actor)).toEqual(["address.added", "address.noted"]);
  });
});

describe("who may", () => {
  test("owner and admin may change with a fresh proof, nobody else", async () => {
    await add("203.0.113.9");
    const id = await ruleId("203.0.113.9");
    const before = await trail(actor);
    const viewer = await makeActor("viewer", actor.accountId);
    const guest = { ...viewer, role: "guest" as Actor["role"] };
    const stale = { ...actor, provenAt: new Date(Date.now() - 3_600_000) };
    for (const [name, call] of everyAddressChange) {
      expect([name, await refusedWith(call(viewer, id))]).toEqual([name, "forbidden"]);
      expect([name, await refusedWith(call(guest, id))]).toEqual([name, "forbidden"]);
      expect([name, await refusedWith(call(stale, id))]).toEqual([name, "proof_required"]);
    }
    expect(await trail(actor)).toEqual(before);
    const admin = await makeActor("admin", actor.accountId);
    for (const [, call] of everyAddressChange) await call(admin, id);
    expect((await trail(actor)).slice(before.length)).toHaveLength(everyAddressChange.length);
  });

  test("another account's owner finds no entry, and changes none", async () => {
    await add("203.0.113.9", "Shop");
    const id = await ruleId("203.0.113.9");
    const stranger = await makeActor();
    for (const foreign of [id, "0198c000-0000-7000-8000-000000000000", "", "x".repeat(5000)]) {
      expect(await refusedWith(removeAddressRule(stranger, { ruleId: foreign }))).toBe("not_found");
      expect(await refusedWith(noteAddressRule(stranger, { ruleId: foreign, note: "" }))).toBe("not_found");
      expect(await refusedWith(forecastAddresses(stranger, { ruleId: foreign }))).toBe("not_found");
    }
    for (const [, call] of everyAddressChange) await call(stranger, id).catch(() => {});
    expect(await stored()).toEqual(["203.0.113.9 Shop"]);
    expect(await db.account.findUniqueOrThrow({ where: { id: actor.accountId } })).toMatchObject({
      addressMode: "off",
    });
    expect(await trail(actor)).toEqual(["address.added"]);
    expect(await stored(stranger)).not.toContain("203.0.113.9 Shop");
  });

  test("a viewer may look", async () => {
    await add("203.0.113.9");
    const viewer = await makeActor("viewer", actor.accountId);
    expect(await stored(viewer)).toEqual(["203.0.113.9"]);
    expect(await forecastAddresses(viewer, { ruleId: await ruleId("203.0.113.9") })).toBeNull();
  });
});
