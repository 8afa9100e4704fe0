import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { canonicalAddress, compileAddressList } from "./address-list";

const v4 = fc.ipV4();
const v6 = fc.ipV6().filter((address) => !/^::\d+\./.test(address));

function toNumber(address: string): number {
  return address.split(".").reduce((value, octet) => value * 256 + Number(octet), 0);
}

describe("an address list", () => {
  test("an IPv4 rule covers exactly the addresses that share its first bits", () => {
    fc.assert(
      fc.property(v4, fc.integer({ min: 0, max: 32 }), v4, (network, bits, address) => {
        const size = 2 ** (32 - bits);
        const shares = Math.floor(toNumber(network) / size) === Math.floor(toNumber(address) / size);
        expect(compileAddressList([`${network}/${bits}`]).includes(address)).toBe(shares);
      }),
    );
  });

  test("an address covers itself, however it is written", () => {
    fc.assert(
      fc.property(v4, (address) => {
        const list = compileAddressList([address]);
        expect(list.includes(address)).toBe(true);
        expect(list.includes(`::ffff:${address}`)).toBe(true);
        expect(compileAddressList([`::ffff:${address}`]).includes(address)).toBe(true);
        expect(compileAddressList([`::ffff:${address}/128`]).includes(address)).toBe(true);
      }),
    );
    fc.assert(
      fc.property(v6, (address) => {
        const canonical = canonicalAddress(address);
        expect(canonical).not.toBeNull();
        expect(compileAddressList([address]).includes(canonical ?? "")).toBe(true);
      }),
    );
  });

  test("the canonical form is stable", () => {
    fc.assert(
      fc.property(fc.oneof(v4, v6), (address) => {
        const once = canonicalAddress(address);
        expect(canonicalAddress(once ?? "")).toBe(once);
      }),
    );
  });

  test("families do not cover each other", () => {
    expect(compileAddressList(["0.0.0.0/0"]).includes("2001:db8::1")).toBe(false);
    expect(compileAddressList(["::/0"]).includes("192.0.2.1")).toBe(false);
    expect(compileAddressList(["::ffff:0:0/96"]).includes("192.0.2.1")).toBe(true);
  });

  test("an empty list covers nothing, and nothing covers what is no address", () => {
    const all = compileAddressList(["0.0.0.0/0", "::/0"]);
    expect(compileAddressList([]).includes("192.0.2.1")).toBe(false);
    fc.assert(
      fc.property(fc.string(), (text) => {
        fc.pre(canonicalAddress(text) === null);
        expect(all.includes(text)).toBe(false);
      }),
    );
  });

  test.each([
    "",
    "x",
    "1.2.3",
    "1.2.3.4/33",
    "1.2.3.4/-1",
    "1.2.3.4/",
    "::/129",
    "0x7f.1",
    "127.1",
    "010.1",
    "127.1/8",
    "10/8",
  ])("%j is no rule", (rule) => {
    expect(() => compileAddressList([rule])).toThrow(RangeError);
  });

  test.each([
    ["::ffff:192.0.2.1", "192.0.2.1"],
    ["::FFFF:c000:201", "192.0.2.1"],
    ["[2001:DB8::0:1]", "2001:db8::1"],
    ["[2001:db8::1]:443", "2001:db8::1"],
    ["192.0.2.1:443", "192.0.2.1"],
    [" 192.0.2.1 ", "192.0.2.1"],
    ["fe80::1%eth0", "fe80::1"],
  ])("%j is %s", (text, canonical) => {
    expect(canonicalAddress(text)).toBe(canonical);
  });

  test.each(["", "unknown", "_hidden", "127.1", "2130706433", "0x7f000001", "1.2.3.4.5", "1.2.3.256", "::g"])(
    "%j is no address",
    (text) => {
      expect(canonicalAddress(text)).toBeNull();
    },
  );
});
