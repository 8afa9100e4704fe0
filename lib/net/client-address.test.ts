import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { canonicalAddress, compileAddressList } from "@/lib/domain/address-list";
import { type ForwardedClaims, resolveClient } from "./client-address";

const trusted = compileAddressList(["10.0.0.0/8", "::1"]);
const stranger = fc.ipV4().filter((address) => !trusted.includes(address));
const proxy = fc.ipV4().map((address) => address.replace(/^\d+/, "10"));
const host = fc.domain();
const protocol = fc.constantFrom("http" as const, "https" as const);

const none: ForwardedClaims = { for: null, host: null, proto: null };
const addressOf = (peer: string | null, list: string | null) =>
  resolveClient(peer, { ...none, for: list }, trusted).address;

/** A trusted proxy in front of a chain: what it was asked for, and the address that it was asked from. */
const hop = fc.record({ address: proxy, host, protocol });

describe("the client's address", () => {
  test("a peer that is no trusted proxy is the client, whatever it claims", () => {
    fc.assert(
      fc.property(stranger, fc.string(), fc.string(), (peer, claim, other) => {
        const claims = { for: claim, host: other, proto: "https" };
        expect(resolveClient(peer, claims, trusted)).toEqual({ address: peer, host: null, protocol: null });
      }),
    );
  });

  test("whatever a client writes to the left, the address its proxy saw counts", () => {
    fc.assert(
      fc.property(fc.string(), stranger, fc.array(proxy), proxy, (claim, client, chain, peer) => {
        expect(addressOf(peer, [claim, client, ...chain].join(", "))).toBe(client);
      }),
    );
  });

  test("only trusted proxies: the leftmost of them is the client", () => {
    expect(addressOf("10.0.0.1", "10.0.0.3, 10.0.0.2")).toBe("10.0.0.3");
    expect(addressOf("10.0.0.1", null)).toBe("10.0.0.1");
  });

  test("an entry that is no address leaves the client unknown", () => {
    for (const header of ["unknown", "1.2.3.4, _x", "1.2.3.4,", ""])
      expect(addressOf("10.0.0.1", header)).toBeNull();
  });

  test("no peer, no client", () => {
    expect(addressOf(null, "1.2.3.4")).toBeNull();
  });

  test("addresses come back in canonical form", () => {
    expect(addressOf("::ffff:10.0.0.1", "[2001:DB8::0]:80")).toBe("2001:db8::");
    fc.assert(
      fc.property(fc.ipV6(), (address) => {
        fc.pre(!trusted.includes(canonicalAddress(address) ?? ""));
        expect(addressOf("::1", address)).toBe(canonicalAddress(address));
      }),
    );
  });
});

describe("the host and protocol that a client asked for", () => {
  const claimed = fc.option(fc.string(), { nil: null });
  const joined = (claim: string | null, entries: readonly string[]) =>
    [...(claim === null ? [] : [claim]), ...entries].join(", ");

  test("are those that the outermost trusted proxy wrote, whatever a client writes to the left", () => {
    const chain = fc.array(hop, { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(
        claimed,
        claimed,
        claimed,
        stranger,
        chain,
        (forClaim, hostClaim, protoClaim, client, hops) => {
          const [outermost] = hops;
          // Each proxy appends the address it was called from, and the host and protocol it was called with.
          const callers = [client, ...hops.slice(0, -1).map(({ address }) => address)];
          const claims = {
            for: joined(forClaim, callers),
            host: joined(
              hostClaim,
              hops.map((one) => one.host),
            ),
            proto: joined(
              protoClaim,
              hops.map((one) => one.protocol),
            ),
          };
          expect(resolveClient(hops.at(-1)?.address ?? null, claims, trusted)).toEqual({
            address: client,
            host: outermost?.host,
            protocol: outermost?.protocol,
          });
        },
      ),
    );
  });

  test("are those of the only entry where proxies pass on or replace what the outermost wrote", () => {
    fc.assert(
      fc.property(stranger, fc.array(proxy), proxy, host, protocol, (client, chain, peer, name, scheme) => {
        const claims = { for: [client, ...chain].join(","), host: name, proto: scheme };
        expect(resolveClient(peer, claims, trusted)).toMatchObject({ host: name, protocol: scheme });
      }),
    );
  });

  test("are read in any case and as Traefik calls those of a WebSocket", () => {
    const protocolOf = (proto: string) => resolveClient("::1", { ...none, proto }, trusted).protocol;
    expect(["HTTPS", "wss", "Http", "ws"].map(protocolOf)).toEqual(["https", "https", "http", "http"]);
  });

  test("are not known where the entry is unfit, missing or empty", () => {
    for (const text of ["a b", "https:", "", "a,", "constructor", "<x>"]) {
      const { host: name, protocol: scheme } = resolveClient(
        "::1",
        { ...none, host: `${text} ,`, proto: text },
        trusted,
      );
      expect([name, scheme]).toEqual([null, null]);
    }
    expect(resolveClient("::1", none, trusted)).toMatchObject({ host: null, protocol: null });
  });
});
