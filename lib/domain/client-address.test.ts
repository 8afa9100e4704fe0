import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { canonicalAddress, compileAddressList } from "./address-list";
import { resolveClient } from "./client-address";

const trusted = compileAddressList(["10.0.0.0/8", "::1"]);
const stranger = fc.ipV4().filter((address) => !trusted.includes(address));
const proxy = fc.ipV4().map((address) => address.replace(/^\d+/, "10"));

describe("the client's address", () => {
  test("a peer that is no trusted proxy is the client, whatever it claims", () => {
    fc.assert(
      fc.property(stranger, fc.string(), (peer, claim) => {
        expect(resolveClient(peer, claim, trusted)).toEqual({ address: peer, viaTrustedProxy: false });
      }),
    );
  });

  test("whatever a client writes to the left, the address its proxy saw counts", () => {
    fc.assert(
      fc.property(fc.string(), stranger, fc.array(proxy), proxy, (claim, client, chain, peer) => {
        const header = [claim, client, ...chain].join(", ");
        expect(resolveClient(peer, header, trusted).address).toBe(client);
      }),
    );
  });

  test("only trusted proxies: the leftmost of them is the client", () => {
    expect(resolveClient("10.0.0.1", "10.0.0.3, 10.0.0.2", trusted).address).toBe("10.0.0.3");
    expect(resolveClient("10.0.0.1", null, trusted)).toEqual({ address: "10.0.0.1", viaTrustedProxy: true });
  });

  test("an entry that is no address leaves the client unknown", () => {
    for (const header of ["unknown", "1.2.3.4, _x", "1.2.3.4,", ""])
      expect(resolveClient("10.0.0.1", header, trusted).address).toBeNull();
  });

  test("no peer, no client", () => {
    expect(resolveClient(null, "1.2.3.4", trusted)).toEqual({ address: null, viaTrustedProxy: false });
  });

  test("addresses come back in canonical form", () => {
    expect(resolveClient("::ffff:10.0.0.1", "[2001:DB8::0]:80", trusted).address).toBe("2001:db8::");
    fc.assert(
      fc.property(fc.ipV6(), (address) => {
        fc.pre(!trusted.includes(canonicalAddress(address) ?? ""));
        expect(resolveClient("::1", address, trusted).address).toBe(canonicalAddress(address));
      }),
    );
  });
});
