import fc from "fast-check";
import { expect, test } from "vitest";
import { compileAddressList } from "./address-list";
import { type AddressFacts, forecastAddresses, inUseMs, locksOut } from "./address-view";

const now = new Date("2026-11-25T12:00:00Z");
const daysAgo = (days: number) => new Date(now.getTime() - days * 24 * 3_600_000);

const caller = fc.record({
  others: fc.boolean(),
  address: fc.option(fc.constantFrom("203.0.113.9", "203.0.113.200", "10.0.0.1", "2001:db8::1")),
  lastSeenAt: fc.integer({ min: 0, max: 14 }).map(daysAgo),
  dismissedAt: fc.option(fc.integer({ min: 0, max: 14 }).map(daysAgo)),
});
const callers = fc.array(caller, { maxLength: 12 });
const rules = fc.subarray(["203.0.113.0/24", "203.0.113.9", "10.0.0.0/8", "2001:db8::/32", "0.0.0.0/0"]);

const known = (address: string | null, days = 0): AddressFacts => ({
  others: false,
  address,
  lastSeenAt: daysAgo(days),
  dismissedAt: null,
});

test("exactly the callers that the gate would let in now and not then are rejected", () => {
  fc.assert(
    fc.property(callers, fc.option(rules), rules, (all, before, after) => {
      const old = before && compileAddressList(before);
      const list = compileAddressList(after);
      const forecast = forecastAddresses(all, old, list, now);
      for (const each of all) {
        const gone = each.dismissedAt !== null && each.lastSeenAt <= each.dismissedAt;
        const passesNow = old === null || (each.address !== null && old.includes(each.address));
        const passesThen = each.address !== null && list.includes(each.address);
        const rejected = !each.others && !gone && passesNow && !passesThen;
        expect(forecast.rejected.includes(each)).toBe(rejected);
      }
    }),
  );
});

test("adding to a list rejects nobody", () => {
  fc.assert(
    fc.property(callers, rules, rules, (all, before, more) => {
      const wider = compileAddressList([...before, ...more]);
      expect(forecastAddresses(all, compileAddressList(before), wider, now).rejected).toEqual([]);
    }),
  );
});

test("callers in use are those rejected that were seen in the last 7 days", () => {
  fc.assert(
    fc.property(callers, rules, (all, after) => {
      const { rejected, inUse } = forecastAddresses(all, null, compileAddressList(after), now);
      expect(inUse).toEqual(rejected.filter((each) => now.getTime() - each.lastSeenAt.getTime() <= inUseMs));
    }),
  );
});

test("a caller beyond those kept apart is never said to pass or to be rejected", () => {
  const others = { ...known(null), others: true };
  const forecast = forecastAddresses([others], null, compileAddressList(["0.0.0.0/0", "::/0"]), now);
  expect(forecast).toEqual({ rejected: [], inUse: [], unknown: [others], passing: 0 });
  expect(locksOut(forecast)).toBe(true);
});

test("a caller whose address is not known is on no list", () => {
  const forecast = forecastAddresses([known(null)], null, compileAddressList(["0.0.0.0/0", "::/0"]), now);
  expect(forecast.rejected).toHaveLength(1);
});

test("callers that were called gone, or not seen for more than 7 days, need no confirmation", () => {
  const gone = { ...known("10.0.0.1", 1), dismissedAt: now };
  const old = known("10.0.0.1", 8);
  const forecast = forecastAddresses([gone, old], null, compileAddressList(["203.0.113.9"]), now);
  expect(forecast.rejected).toEqual([old]);
  expect(locksOut(forecast)).toBe(false);
});
