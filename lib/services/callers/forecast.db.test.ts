import { beforeEach, describe, expect, test } from "vitest";
import { pool } from "@/lib/db/pool";
import type { Actor } from "@/lib/domain/actor";
import type { Consequence } from "@/lib/domain/caller-view";
import { breaksAnybody } from "@/lib/domain/consequence";
import { epochOf, makeActor, refusedWith, shownToken, trail, whileItWaits } from "@/test/support/accounts";
import { addCaller, configureYesterday, minutesAgo, rotateMinutesAgo } from "@/test/support/callers";
import { enforceAddresses, observeAddresses } from "../address-restriction/mode";
import { forecastAddresses } from "../address-restriction/read";
import { addAddressRule } from "../address-restriction/rules";
import { createInstance, setInstancePaused } from "../instances/change";
import { regenerateInstanceToken } from "../instances/token";
import { activateSecurityToken, setInstanceEnforcement } from "../security-token/enforcement";
import { finishRotation, rotateSecurityToken } from "../security-token/rotate";
import { readSecurityToken } from "../security-token/token";
import { dismissCaller } from "./change";
import { forecastInstanceChange, forecastRotation } from "./forecast";

let owner: Actor;
let [shop, depot] = ["", ""];

const listed = "203.0.113.9";
const elsewhere = "198.51.100.7";

beforeEach(async () => {
  owner = await makeActor();
  shop = (await createInstance(owner, { name: "Shop" })).instanceId;
  depot = (await createInstance(owner, { name: "Depot" })).instanceId;
  await configureYesterday(owner);
  await activateSecurityToken(owner, await shownToken(owner));
});

async function observeOne() {
  await addAddressRule(owner, { address: listed, note: "" });
  await observeAddresses(owner);
}

type Caller = Parameters<typeof addCaller>[2];

/** A change that may break callers: how one gets there, whom it concerns and whom not, what is said, and what is done. */
interface Trial {
  readonly prepare: () => Promise<void>;
  readonly concerned: Omit<Caller, "agent">;
  /** null: whoever calls another instance. */
  readonly untouched: Omit<Caller, "agent"> | null;
  readonly forecast: () => Promise<Consequence | null>;
  readonly act: (name: string) => Promise<unknown>;
  /** What has to be typed, and how it is refused. */
  readonly name: () => string;
  readonly refused: string;
}

const ofAccount = { name: () => owner.accountName, refused: "invalid confirmation:required" };
const ofInstance = { name: () => "Shop", refused: "invalid confirmName:name_mismatch" };

const trials: Readonly<Record<string, Trial>> = {
  "finishing a rotation": {
    ...ofAccount,
    prepare: () => rotateMinutesAgo(owner, 60),
    concerned: { token: "retiring" },
    untouched: { token: "current" },
    forecast: () => forecastRotation(owner, { change: "finish" }),
    act: async (confirmation) => {
      const { retiring } = await readSecurityToken(owner);
      return finishRotation(owner, { tokenId: retiring?.id ?? "", confirmation });
    },
  },
  "replacing the token at once": {
    ...ofAccount,
    prepare: async () => {},
    concerned: { token: "current" },
    untouched: { token: "missing" },
    forecast: () => forecastRotation(owner, { change: "replace" }),
    act: async (confirmation) =>
      rotateSecurityToken(owner, { ...(await shownToken(owner)), overlap: "now", confirmation }),
  },
  "enforcing addresses": {
    ...ofAccount,
    prepare: observeOne,
    concerned: { token: "current", address: elsewhere },
    untouched: { token: "current", address: listed },
    forecast: () => forecastAddresses(owner, { ruleId: null }),
    act: (confirmation) => enforceAddresses(owner, { confirmation }),
  },
  "pausing an instance": {
    ...ofInstance,
    prepare: async () => {},
    concerned: { token: "missing" },
    untouched: null,
    forecast: () => forecastInstanceChange(owner, { instanceId: shop, change: "pause" }),
    act: (confirmName) => setInstancePaused(owner, { instanceId: shop, paused: true, confirmName }),
  },
  "replacing an instance's token": {
    ...ofInstance,
    prepare: async () => {},
    concerned: { token: "current" },
    untouched: null,
    forecast: () => forecastInstanceChange(owner, { instanceId: shop, change: "regenerate" }),
    act: (confirmName) => regenerateInstanceToken(owner, { instanceId: shop, confirmName }),
  },
};

const named = (consequence: Consequence | null) => [
  ...(consequence?.rejected.callers ?? []).map(({ agent }) => agent),
  ...(consequence?.maybe.callers ?? []).map(({ agent }) => agent),
];

describe.each(Object.entries(trials))(
  "%s",
  (_, { prepare, concerned, untouched, forecast, act, name, refused }) => {
    beforeEach(prepare);

    const add = (agent: string, caller: Omit<Caller, "agent">) =>
      addCaller(owner, shop, { agent, ...caller });

    test("asks for the name exactly when its forecast names somebody, and then does nothing without it", async () => {
      if (untouched) await add("untouched", untouched);
      else await addCaller(owner, depot, { agent: "untouched", token: "current" });
      const gone = await add("gone", { ...concerned, at: minutesAgo(5) });
      await dismissCaller(owner, { callerId: gone, lastSeenAt: minutesAgo(4) });
      const nobody = await forecast();
      expect([named(nobody), nobody?.dismissed]).toEqual([[], 1]);

      await add("breaks", concerned);
      const found = await forecast();
      expect(named(found)).toEqual(["breaks"]);
      expect(found?.rejected).toMatchObject({ total: 1, callers: [{ instanceName: "Shop", requests: 1 }] });
      const before = [await epochOf(owner), await trail(owner)];
      expect(await refusedWith(act(""))).toBe(refused);
      expect(await refusedWith(act("Somebody else"))).toMatch(/name_mismatch$/);
      expect([await epochOf(owner), await trail(owner)]).toEqual(before);
      await act(` ${name()} `);
      expect(await epochOf(owner)).not.toEqual(before[0]);
    });

    test("asks nothing when nobody would be rejected", async () => {
      const stranger = await makeActor();
      const theirs = (await createInstance(stranger, { name: "Shop" })).instanceId;
      await addCaller(stranger, theirs, { agent: "theirs", ...concerned });
      const found = await forecast();
      expect(found && breaksAnybody(found)).toBe(false);
      await act("");
    });

    test("asks for those beyond the limits too", async () => {
      await addCaller(owner, shop, { agent: "", others: true, ...concerned });
      const found = await forecast();
      expect((found?.rejected.others ?? 0) + (found?.maybe.others ?? 0)).toBe(1);
      expect(await refusedWith(act(""))).toBe(refused);
    });

    test("judges what was written while the click waited for its turn", async () => {
      const waiting = whileItWaits(
        owner,
        () => refusedWith(act("")),
        () => add("late", concerned),
      );
      expect(await waiting).toBe(refused);
    });
  },
);

test("where the token is not enforced, ending one rejects nobody", async () => {
  await setInstanceEnforcement(owner, { instanceId: shop, enforced: false });
  await rotateMinutesAgo(owner, 60);
  await addCaller(owner, shop, { agent: "open", token: "retiring" });
  await addCaller(owner, depot, { agent: "guarded", token: "retiring" });
  expect(named(await forecastRotation(owner, { change: "finish" }))).toEqual(["guarded"]);
  expect(named(await forecastRotation(owner, { change: "replace" }))).toEqual(["guarded"]);
});

test("who was not heard since the new token was made may be rejected by finishing", async () => {
  await rotateMinutesAgo(owner, 60);
  await addCaller(owner, shop, { agent: "asleep", token: "current", at: minutesAgo(90) });
  const found = await forecastRotation(owner, { change: "finish" });
  expect(found).toMatchObject({ rejected: { total: 0 }, maybe: { total: 1 } });
  expect(named(found)).toEqual(["asleep"]);
});

test("another upstream rejects nobody and says how many requests it leads elsewhere, and when who calls next", async () => {
  const id = await addCaller(owner, shop, { agent: "hourly", token: "current", requests: 4 });
  await pool().query(
    `INSERT INTO "CallerHour" SELECT $1, date_trunc('hour', now(), 'UTC') - n * interval '1 hour', 'accepted', 'current', 1
       FROM generate_series(1, 40) n`,
    [id],
  );
  await addCaller(owner, depot, { agent: "other", token: "current" });
  const found = await forecastInstanceChange(owner, { instanceId: shop, change: "upstream" });
  expect(found).toMatchObject({ rejected: { total: 0 }, maybe: { total: 0 }, moved: { total: 1 } });
  expect(found.requests).toBeGreaterThanOrEqual(24);
  expect(found.moved.callers).toMatchObject([{ agent: "hourly", expectation: { kind: "hourly" } }]);
});

test("who has been silent for more than a month is named apart, and counts", async () => {
  await addCaller(owner, shop, { agent: "old", token: "current", at: minutesAgo(31 * 24 * 60) });
  const found = await forecastInstanceChange(owner, { instanceId: shop, change: "delete" });
  expect(found).toMatchObject({ rejected: { total: 0 }, maybe: { total: 1, callers: [{ agent: "old" }] } });
  expect(await refusedWith(setInstancePaused(owner, { instanceId: shop, paused: true }))).toBe(
    "invalid confirmName:name_mismatch",
  );
});
