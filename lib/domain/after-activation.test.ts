import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { mixingMs, stoppedWorking, type WatchedFacts, watchedUntil, watchMs } from "./after-activation";
import { tokenRejections } from "./rejection";

const now = new Date("2026-11-24T12:00:00Z");
const ago = (ms: number) => new Date(now.getTime() - ms);
const minute = 60_000;
const hour = 60 * minute;

describe("the watch after an activation", () => {
  const moments = { enforced: true, activatedAt: ago(hour), retireAt: null };

  it("runs for a day from the last activation, and not a millisecond longer", () => {
    expect(watchedUntil(moments, now)).toEqual(new Date(now.getTime() + 23 * hour));
    expect(watchedUntil({ ...moments, activatedAt: ago(watchMs - 1) }, now)).not.toBeNull();
    expect(watchedUntil({ ...moments, activatedAt: ago(watchMs) }, now)).toBeNull();
  });

  it("does not run before the first activation, nor where nothing is enforced", () => {
    expect(watchedUntil({ ...moments, activatedAt: null }, now)).toBeNull();
    expect(watchedUntil({ ...moments, enforced: false }, now)).toBeNull();
  });

  it("begins anew when the overlap of a rotation ends by the clock, not before", () => {
    const rotated = { ...moments, activatedAt: ago(25 * hour) };
    expect(watchedUntil({ ...rotated, retireAt: now }, now)).toEqual(new Date(now.getTime() + watchMs));
    expect(watchedUntil({ ...rotated, retireAt: ago(-1) }, now)).toBeNull();
    expect(watchedUntil({ ...moments, retireAt: ago(30 * hour) }, now)).toEqual(watchedUntil(moments, now));
  });
});

/** When the watch began. */
const since = ago(2 * hour);

/** A caller that worked, and whose latest request was rejected a minute ago. */
const broken: WatchedFacts = {
  others: false,
  enforced: true,
  acceptedAt: ago(2 * hour),
  rejectedAt: ago(minute),
  lastSeenAt: ago(minute),
  lastOutcome: "missing",
  recent: null,
  relapsedAt: null,
  relapsedFrom: null,
  dismissedAt: null,
};

const accepted = {
  lastOutcome: "accepted",
  acceptedAt: ago(0),
  lastSeenAt: ago(0),
  recent: "missing",
} as const;

describe("who worked before and is rejected now", () => {
  test.each(tokenRejections)("is told with the reason %s", (reason) => {
    expect(stoppedWorking({ ...broken, lastOutcome: reason }, since, now)).toEqual({ reason, mixes: false });
  });

  test.each<[what: string, more: Partial<WatchedFacts>]>([
    ["never worked", { acceptedAt: null }],
    ["was let in since", accepted],
    [
      "was let in since, though it mixed, when that is an hour ago",
      { ...accepted, relapsedAt: ago(mixingMs), relapsedFrom: ago(mixingMs + 1) },
    ],
    [
      "had a token that was accepted until the change, was rejected with it, and has the new one now",
      { ...accepted, relapsedAt: ago(minute), relapsedFrom: ago(2 * hour + 1) },
    ],
    ["was rejected for its address", { lastOutcome: "address", recent: "missing" }],
    ["called a paused instance", { lastOutcome: "instance_paused", recent: "missing" }],
    ["was rejected a day ago", { rejectedAt: ago(watchMs), lastSeenAt: ago(watchMs) }],
    ["calls an instance that does not enforce the token", { enforced: false }],
    ["was dismissed and has not called since", { dismissedAt: ago(minute) }],
  ])("is not a caller that %s", (_what, more) => {
    expect(stoppedWorking({ ...broken, ...more }, since, now)).toBeNull();
  });

  it("is a dismissed caller that came back", () => {
    expect(stoppedWorking({ ...broken, dismissedAt: ago(2 * minute) }, since, now)).not.toBeNull();
  });

  it("is a caller that had the token before and still comes without it in between", () => {
    const mixing = { ...broken, ...accepted, relapsedAt: ago(minute), relapsedFrom: ago(2 * minute) };
    expect(stoppedWorking(mixing, since, now)).toEqual({ reason: "missing", mixes: true });
  });

  it("may be any of an instance's other callers, whatever the latest of them got", () => {
    expect(stoppedWorking({ ...broken, ...accepted, others: true }, since, now)).toEqual({
      reason: "missing",
      mixes: false,
    });
    expect(stoppedWorking({ ...broken, ...accepted, others: true, recent: null }, since, now)).toBeNull();
  });

  it("is never one that never worked, has no rejection of a day, or calls where nothing is enforced", () => {
    const time = fc.option(fc.integer({ min: 0, max: 48 * hour }).map(ago), { nil: null });
    const outcome = fc.constantFrom(
      "accepted",
      "address",
      "instance_paused",
      "new_reason",
      ...tokenRejections,
    );
    const facts = fc.record({
      others: fc.boolean(),
      enforced: fc.boolean(),
      acceptedAt: time,
      rejectedAt: time,
      lastSeenAt: time.map((at) => at ?? now),
      lastOutcome: outcome,
      recent: fc.option(outcome, { nil: null }),
      relapsedAt: time,
      relapsedFrom: time,
      dismissedAt: time,
    });
    fc.assert(
      fc.property(facts, (caller) => {
        const stopped = stoppedWorking(caller, since, now);
        if (!stopped) return;
        expect(caller.enforced && caller.acceptedAt !== null).toBe(true);
        expect(caller.rejectedAt?.getTime()).toBeGreaterThan(ago(watchMs).getTime());
        expect(tokenRejections).toContain(stopped.reason);
      }),
    );
  });
});
