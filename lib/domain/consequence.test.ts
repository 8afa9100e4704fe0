import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compileAddressList } from "./address-list";
import { inUseMs } from "./address-view";
import type { ActivationForecast, AffectedCaller, AffectedCallers } from "./caller-view";
import {
  breaksAnybody,
  breaksSomebody,
  byProgram,
  concernsNobody,
  type Fate,
  fateOfActivating,
  fateOfAddresses,
  fateOfFinishing,
  fateOfInstance,
  fateOfReplacing,
  fatesOf,
  hasConsequenceChanged,
  hasOutlookChanged,
  instanceChanges,
} from "./consequence";
import { blocks, breaks, type CallerFacts, isDismissed, judge } from "./preflight";
import { evidenceOf, isLiveToken, type SeenToken } from "./preflight-evidence";
import { sendsOldToken } from "./rotation";

const now = new Date("2026-11-25T12:00:00Z");
const hoursAgo = (hours: number) => new Date(now.getTime() - hours * 3_600_000);
const day = 24;

/** Times of the last two months, newer ones more often. */
const times = fc.oneof(fc.integer({ min: 0, max: 30 }), fc.integer({ min: 0, max: 60 * day })).map(hoursAgo);
const maybeTime = fc.option(times, { nil: null });
const tokens: readonly SeenToken[] = ["current", "retiring", "live", "missing", "unknown", "retired", "none"];

const caller = fc
  .record({
    others: fc.boolean(),
    address: fc.option(fc.constantFrom("203.0.113.9", "203.0.113.200", "10.0.0.1", "2001:db8::1"), {
      nil: null,
    }),
    lastSeenAt: times,
    heardFor: fc.integer({ min: 0, max: 20 * day }),
    lastToken: fc.constantFrom(...tokens),
    liveAt: maybeTime,
    notLiveAt: maybeTime,
    relapsedAt: maybeTime,
    dismissedAt: maybeTime,
    leftOutAt: maybeTime,
    oldRecently: fc.boolean(),
    newBefore: fc.boolean(),
  })
  .map(({ heardFor, ...facts }) => ({
    ...facts,
    instanceId: "one",
    firstSeenAt: new Date(facts.lastSeenAt.getTime() - heardFor * 3_600_000),
    relapsedFrom: facts.relapsedAt && new Date(facts.relapsedAt.getTime() - 60_000),
    liveAt: isLiveToken(facts.lastToken) ? facts.lastSeenAt : facts.liveAt,
  }));
const callers = fc.array(caller, { maxLength: 12 });

/** A token made at some time, and maybe one before it that has ended. */
const evidence = fc.record({ made: times, rotated: fc.boolean() }).map(({ made, rotated }) => {
  const current = { createdAt: made, retireAt: null, current: true };
  const before = { createdAt: new Date(made.getTime() - 86_400_000), retireAt: made, current: false };
  const found = evidenceOf(rotated ? [current, before] : [current], now);
  if (!found) throw new Error("there is a current token");
  return found;
});

const judged = fc.tuple(callers, evidence).map(([all, known]) => judge(all, known, now));
const rules = fc.subarray(["203.0.113.0/24", "203.0.113.9", "10.0.0.0/8", "2001:db8::/32", "0.0.0.0/0"]);

describe("sorting callers by what a change does to them", () => {
  test("puts each in one place: those called gone are counted apart, and nobody is forgotten", () => {
    const fates = fc.constantFrom<Fate>("rejected", "maybe", "moved", "none");
    fc.assert(
      fc.property(fc.array(fc.tuple(caller, fates)), (pairs) => {
        const items = pairs.map(([each, fate]) => ({ caller: each, fate }));
        const found = fatesOf(items, ({ fate }) => fate);
        const open = items.filter((each) => !isDismissed(each.caller));
        for (const fate of ["rejected", "maybe", "moved"] as const) {
          expect(found[fate]).toEqual(open.filter((each) => each.fate === fate));
        }
        expect(found.untouched).toBe(
          open.filter((each) => each.fate === "none" && !each.caller.others).length,
        );
        const gone = items.filter((each) => isDismissed(each.caller) && each.fate !== "none");
        expect(found.dismissed).toBe(gone.length);
        const named = open.some(({ fate }) => fate === "rejected" || fate === "maybe");
        expect(breaksSomebody(found)).toBe(named);
      }),
    );
  });
});

describe("activating", () => {
  test("rejects those whose verdict says so, may reject those not heard since, and touches no enforced instance", () => {
    fc.assert(
      fc.property(judged, (all) => {
        for (const each of all) {
          const fate = fateOfActivating(each, false);
          expect(fate !== "none").toBe(blocks(each));
          expect(fate === "rejected").toBe(breaks(each.verdict));
          expect(fateOfActivating(each, true)).toBe("none");
        }
      }),
    );
  });
});

describe("a token that ends", () => {
  test("finished: concerns exactly those that send it or were not heard since, and only where it is demanded", () => {
    fc.assert(
      fc.property(caller, times, (each, rotatedAt) => {
        const fate = fateOfFinishing(each, rotatedAt, now, true);
        expect(fate !== "none").toBe(sendsOldToken(each, rotatedAt, now));
        if (fate === "rejected") expect(each.lastToken === "retiring" || each.oldRecently).toBe(true);
        expect(fateOfFinishing(each, rotatedAt, now, false)).toBe("none");
      }),
    );
  });

  test("replaced: rejects all that get in with a token, since nobody has the new one, and only where it is demanded", () => {
    fc.assert(
      fc.property(judged, (all) => {
        for (const each of all) {
          const fate = fateOfReplacing(each, now, true);
          if (each.verdict === "ready") expect(fate).toBe("rejected");
          if (each.unproven) expect(fate).toBe("maybe");
          if (isLiveToken(each.caller.lastToken)) expect(fate).not.toBe("none");
          // Never let in with a token: it loses nothing.
          if (each.caller.liveAt === null && !each.unproven) expect(fate).toBe("none");
          expect(fateOfReplacing(each, now, false)).toBe("none");
        }
      }),
    );
  });

  test("replaced: of two programs behind one address it rejects the one that sends the token", () => {
    const facts: CallerFacts = {
      instanceId: "one",
      others: false,
      firstSeenAt: hoursAgo(300),
      lastSeenAt: hoursAgo(1),
      lastToken: "missing",
      liveAt: hoursAgo(2),
      notLiveAt: hoursAgo(1),
      relapsedAt: hoursAgo(1),
      relapsedFrom: hoursAgo(2),
      dismissedAt: null,
      leftOutAt: null,
    };
    const known = { live: hoursAgo(400), current: hoursAgo(400), tokenless: hoursAgo(400) };
    const fateOf = (more: Partial<CallerFacts>) =>
      judge([{ ...facts, ...more }], known, now).map((each) => fateOfReplacing(each, now, true));
    expect(fateOf({})).toEqual(["rejected"]);
    expect(fateOf({ liveAt: hoursAgo(200), relapsedAt: null, relapsedFrom: null })).toEqual(["none"]);
  });
});

describe("a list of addresses", () => {
  test("concerns exactly the callers that the gate would let in now and not then", () => {
    fc.assert(
      fc.property(callers, fc.option(rules), rules, (all, before, after) => {
        const old = before && compileAddressList(before);
        const list = compileAddressList(after);
        for (const each of all.filter(({ others }) => !others)) {
          const passesNow = old === null || (each.address !== null && old.includes(each.address));
          const passesThen = each.address !== null && list.includes(each.address);
          const fate = fateOfAddresses(each, old, list, now);
          expect(fate !== "none").toBe(passesNow && !passesThen);
          const recent = now.getTime() - each.lastSeenAt.getTime() <= inUseMs;
          if (fate !== "none") expect(fate).toBe(recent ? "rejected" : "maybe");
        }
      }),
    );
  });

  test("that only grows rejects nobody", () => {
    fc.assert(
      fc.property(caller, rules, rules, (each, before, more) => {
        const wider = compileAddressList([...before, ...more]);
        const fate = fateOfAddresses({ ...each, others: false }, compileAddressList(before), wider, now);
        expect(fate).toBe("none");
      }),
    );
  });

  test("is said neither to let in nor to reject for sure those whose addresses nobody knows", () => {
    const all = compileAddressList(["0.0.0.0/0", "::/0"]);
    const unknown = { others: false, address: null, lastSeenAt: now };
    expect(fateOfAddresses({ ...unknown, others: true }, null, all, now)).toBe("maybe");
    expect(fateOfAddresses(unknown, null, all, now), "an address that is not known is on no list").toBe(
      "rejected",
    );
  });
});

test("a change of an instance concerns all of its callers; where its calls go rejects nobody", () => {
  fc.assert(
    fc.property(caller, fc.constantFrom(...instanceChanges), (each, change) => {
      const fate = fateOfInstance(change, each, now);
      const recent = now.getTime() - each.lastSeenAt.getTime() <= 30 * day * 3_600_000;
      expect(fate).toBe(change === "upstream" ? "moved" : recent ? "rejected" : "maybe");
    }),
  );
});

const shown = (id: string, more: Partial<AffectedCaller> = {}): AffectedCaller => ({
  id,
  name: null,
  agent: "curl",
  address: "203.0.113.9",
  others: false,
  instanceName: "Shop",
  verdict: "rejected",
  lastToken: "missing",
  lastSeenAt: new Date(1000),
  notLiveAt: new Date(1000),
  requests: 12,
  expectation: null,
  ...more,
});
const nobody: AffectedCallers = { callers: [], more: [], total: 0, others: 0 };
const some = (...callers: AffectedCaller[]): AffectedCallers => ({
  ...nobody,
  callers,
  total: callers.length,
});

const read: ActivationForecast = {
  change: "activate",
  rejected: some(shown("a"), shown("b")),
  maybe: some(shown("c")),
  moved: nobody,
  untouched: 3,
  requests: 36,
  concerned: "a b c",
  unchecked: 1,
  dismissed: 0,
  heard: true,
  readyInstances: 2,
  unreadyInstances: 1,
  readyNames: ["Till", "Depot"],
};

describe("what a dialog says", () => {
  test("stays the same when a caller merely calls again, or one that is not concerned appears", () => {
    const again = some(shown("b", { lastSeenAt: new Date(2000), notLiveAt: new Date(2000) }), shown("a"));
    const fewer = some(shown("c", { requests: 11 }));
    const later = { ...read, rejected: again, maybe: fewer, untouched: 4, requests: 35 };
    expect(hasConsequenceChanged(read, later)).toBe(false);
  });

  test.each<Partial<ActivationForecast>>([
    { rejected: some(shown("a")) },
    { rejected: some(shown("a"), shown("d")) },
    { rejected: some(shown("a"), shown("b", { lastToken: "instance_token", verdict: "wrong_token" })) },
    { rejected: { ...read.rejected, others: 1 } },
    { maybe: nobody },
    { maybe: some(shown("d")) },
    { maybe: some(shown("c", { lastToken: "retired" })) },
    { moved: some(shown("d")) },
    { unchecked: 0 },
    { dismissed: 1 },
    { readyInstances: 3, unreadyInstances: 0 },
  ])("is something else with %j", (difference) => {
    expect(hasConsequenceChanged(read, { ...read, ...difference })).toBe(true);
  });

  test("of more callers than are named is the same whichever are named", () => {
    const many = { ...read, rejected: { ...read.rejected, total: 40 } };
    const others = { ...many.rejected, callers: [shown("x"), shown("y")] };
    expect(hasConsequenceChanged(many, { ...many, rejected: others })).toBe(false);
    expect(hasConsequenceChanged(many, { ...many, rejected: { ...others, total: 41 } })).toBe(true);
  });

  test("of activating is out of date when a page's newer numbers are others, or others are concerned", () => {
    const { change, rejected, maybe, moved, untouched, requests, readyNames, ...now } = read;
    expect(hasOutlookChanged(read, now)).toBe(false);
    for (const newer of [{ concerned: "a b d" }, { unchecked: 2 }, { dismissed: 1 }, { readyInstances: 3 }]) {
      expect(hasOutlookChanged(read, { ...now, ...newer })).toBe(true);
    }
  });

  test("breaks somebody, or concerns nobody, by all it counts, whether they are named or not", () => {
    const calm = { ...read, rejected: nobody, maybe: nobody };
    expect([breaksAnybody(calm), concernsNobody(calm)]).toEqual([false, true]);
    expect(breaksAnybody({ ...calm, maybe: { ...nobody, others: 1 } })).toBe(true);
    const moved = { ...calm, moved: some(shown("a")) };
    expect([breaksAnybody(moved), concernsNobody(moved)]).toEqual([false, false]);
  });

  test("names everybody by program, and counts those beyond the hundreds with theirs", () => {
    const listed = [
      shown("a"),
      shown("b", { agent: "n8n" }),
      shown("c"),
      shown("d", { name: "Till", agent: "curl" }),
    ];
    const more = [
      { agent: "curl", callers: 7 },
      { agent: "axios", callers: 2 },
    ];
    const groups = byProgram({ callers: listed, more });
    expect(
      groups.map(({ program, callers, more }) => [program, callers.map(({ id }) => id).join(""), more]),
    ).toEqual([
      ["curl", "ac", 7],
      ["n8n", "b", 0],
      ["Till", "d", 0],
      ["axios", "", 2],
    ]);
  });
});
