import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compileAddressList } from "./address-list";
import { type AddressMode, type AddressStep, addressStatus, afterStep } from "./address-mode";
import { addressKind, contains, readRule, readRuleLines } from "./address-rule";

const bits4 = fc.integer({ min: 0, max: 32 });
const bits6 = fc.integer({ min: 0, max: 128 });
// Without the deprecated `::192.0.2.1`, which is no address here.
const ipV6 = fc.ipV6().filter((address) => !/^::\d+\./.test(address));
const typed = fc.oneof(
  fc.ipV4(),
  ipV6,
  fc.tuple(fc.ipV4(), bits4).map(([address, bits]) => `${address}/${bits}`),
  fc.tuple(ipV6, bits6).map(([address, bits]) => `${address}/${bits}`),
);

describe("reading an entry", () => {
  test("what is read is in its one form, and the gate's list accepts it", () => {
    fc.assert(
      fc.property(typed, (text) => {
        const rule = readRule(text);
        const cidr = rule.ok ? rule.cidr : rule.code === "address_host_bits" ? rule.params.network : "";
        expect(readRule(cidr)).toEqual({ ok: true, cidr });
        const address = text.replace(/\/.*/, "");
        expect(compileAddressList([cidr]).includes(address)).toBe(true);
      }),
    );
  });

  test("the deprecated form of an IPv4 address in IPv6 is none, whatever libraries take it for", () => {
    for (const text of ["::192.0.2.1", "::192.0.2.1/128", "::0.0.0.0/0"]) {
      expect(readRule(text)).toEqual({ ok: false, code: "address_invalid" });
      expect(compileAddressList(["::/0", "0.0.0.0/0"]).includes(text)).toBe(false);
    }
  });

  test("equal ranges have one form", () => {
    fc.assert(
      fc.property(fc.ipV4(), bits4, (address, bits) => {
        const plain = readRule(`${address}/${bits}`);
        expect(readRule(`::ffff:${address}/${96 + bits}`)).toEqual(plain);
        expect(readRule(` ${address}/${bits} `)).toEqual(plain);
      }),
    );
  });

  test("any text is read or refused, never thrown at", () => {
    fc.assert(fc.property(fc.string(), (text) => typeof readRule(text).ok === "boolean"));
    fc.assert(
      fc.property(fc.stringMatching(/^[0-9a-f.:/%]{0,24}$/), (text) => {
        const rule = readRule(text);
        if (rule.ok) expect(() => compileAddressList([rule.cidr])).not.toThrow();
      }),
    );
  });

  test.each([
    ["203.0.113.9/32", "203.0.113.9"],
    ["::ffff:203.0.113.9", "203.0.113.9"],
    ["::ffff:203.0.113.0/120", "203.0.113.0/24"],
    ["2001:DB8:0:0::1/128", "2001:db8::1"],
    ["2001:0db8::/32", "2001:db8::/32"],
    ["0.0.0.0/0", "0.0.0.0/0"],
  ])("%s is %s", (text, cidr) => {
    expect(readRule(text)).toEqual({ ok: true, cidr });
  });

  test.each([
    ["10.1.2.3/8", "10.0.0.0/8", "10.1.2.3"],
    ["2001:db8::1/32", "2001:db8::/32", "2001:db8::1"],
    ["::ffff:203.0.113.9/120", "203.0.113.0/24", "203.0.113.9"],
  ])("%s may be meant as %s or as %s", (text, network, address) => {
    expect(readRule(text)).toEqual({
      ok: false,
      code: "address_host_bits",
      params: { network, address },
    });
  });

  test("a zone is refused, and what is left without it is named", () => {
    expect(readRule("fe80::1%eth0")).toEqual({
      ok: false,
      code: "address_zone",
      params: { address: "fe80::1" },
    });
    expect(readRule("%eth0")).toEqual({ ok: false, code: "address_invalid" });
  });

  test.each([
    "shop.example.com",
    "203.0.113",
    "10/8",
    "203.0.113.0/33",
    "203.0.113.0/255.255.255.0",
    "1.2.3.4-9",
    "::1::",
  ])("%s is none", (text) => {
    expect(readRule(text)).toEqual({ ok: false, code: "address_invalid" });
  });
});

test("a range contains exactly the ranges all of whose addresses it covers", () => {
  const range = fc.tuple(fc.ipV4(), bits4).map(([address, bits]) => {
    const rule = readRule(`${address}/${bits}`);
    return rule.ok ? rule.cidr : rule.code === "address_host_bits" ? rule.params.network : "";
  });
  const size = (cidr: string) => 32 - Number(cidr.split("/")[1] ?? 32);
  fc.assert(
    fc.property(range, range, (outer, inner) => {
      const first = inner.replace(/\/.*/, "");
      const covers = compileAddressList([outer]).includes(first) && size(outer) >= size(inner);
      expect(contains(outer, inner)).toBe(covers);
    }),
  );
  expect(contains("::/0", "10.0.0.0/8")).toBe(false);
  expect(contains("2001:db8::/32", "2001:db8:1::/48")).toBe(true);
});

test("a list is read line by line, with the number of each line and its note", () => {
  const text =
    "203.0.113.9 Shop server\r\n\n# old ones\n10.0.0.0/8, office\n2001:db8::/32\t# VPN, Berlin\nnonsense";
  expect(readRuleLines(text)).toEqual([
    { line: 1, address: "203.0.113.9", note: "Shop server" },
    { line: 4, address: "10.0.0.0/8", note: "office" },
    { line: 5, address: "2001:db8::/32", note: "VPN, Berlin" },
    { line: 6, address: "nonsense", note: "" },
  ]);
});

test.each([
  ["203.0.113.9", "public"],
  ["2001:4860::1", "public"],
  ["10.1.2.3", "private"],
  ["100.64.0.1", "private"],
  ["fd00::1", "private"],
  ["169.254.1.1", "private"],
  ["127.0.0.7", "loopback"],
  ["::1", "loopback"],
  ["unknown", null],
])("%s is %s", (address, kind) => {
  expect(addressKind(address)).toBe(kind);
});

const modes: readonly AddressMode[] = ["off", "observe", "enforce"];
const steps: readonly AddressStep[] = ["observe", "enforce", "stop_enforcing", "stop_observing"];

test("the ladder has exactly these steps", () => {
  const found = modes.flatMap((mode) =>
    steps.flatMap((step) => {
      const to = afterStep(mode, step);
      return to ? [`${mode} ${step} ${to}`] : [];
    }),
  );
  expect(found).toEqual([
    "off observe observe",
    "observe enforce enforce",
    "observe stop_observing off",
    "enforce stop_enforcing observe",
  ]);
});

test("nothing is configured as long as there is neither an entry nor a mode", () => {
  expect(addressStatus("off", 0)).toBe("none");
  expect(addressStatus("off", 1)).toBe("off");
  expect(addressStatus("observe", 0)).toBe("observe");
});
