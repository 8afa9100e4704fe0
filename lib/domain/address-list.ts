import ipaddr from "ipaddr.js";

/** An address taken apart, IPv4-mapped ones as IPv4. */
export type Address = ipaddr.IPv4 | ipaddr.IPv6;

/**
 * Addresses and CIDR rules, parsed once. IPv4-mapped IPv6 addresses (`::ffff:192.0.2.1`, RFC 4291
 * §2.5.5.2) count as the IPv4 address they carry, in rules and in what is looked up.
 */
export interface AddressList {
  /** True when a rule covers the address; false for text that is not an address. */
  includes(address: string): boolean;
}

/** What ipaddr.js takes for IPv4-mapped, and nobody else: the deprecated `::192.0.2.1` (RFC 4291 §2.5.5.1). */
const compatible = /^::\d+\./;

/** ipaddr.js also reads `0x7f.1` and `127.1`; in headers and rules only the four-part form is meant. */
function isPlain(text: string): boolean {
  return text.includes(":") ? !compatible.test(text) : ipaddr.IPv4.isValidFourPartDecimal(text);
}

function parse(text: string): Address | null {
  return isPlain(text) && ipaddr.isValid(text) ? ipaddr.process(text) : null;
}

/** Writes an address in its canonical form: IPv4 dotted, IPv6 as in RFC 5952. */
export function formatAddress(address: Address): string {
  return address.kind() === "ipv6" ? (address as ipaddr.IPv6).toRFC5952String() : address.toString();
}

/**
 * An address in the one form it is compared, stored and shown in: IPv4 dotted, IPv6 as in RFC 5952,
 * IPv4-mapped as IPv4, without brackets, port or zone.
 *
 * @returns null for anything that is not an address
 */
export function canonicalAddress(text: string): string | null {
  const bare = text.trim().replace(/^\[(.*)\](?::\d{1,5})?$/, "$1");
  const withoutPort = /^\d+\.\d+\.\d+\.\d+:\d{1,5}$/.test(bare) ? bare.slice(0, bare.indexOf(":")) : bare;
  const address = parse(withoutPort.replace(/%.*$/, ""));
  return address && formatAddress(address);
}

/** Bits of a whole address of this family. */
export function bitsOf(address: Address): number {
  return address.kind() === "ipv4" ? 32 : 128;
}

/**
 * An address or CIDR taken apart into an address and how many of its leading bits count.
 *
 * @returns null for text that is neither
 */
export function parseRule(rule: string): [Address, number] | null {
  if (!rule.includes("/")) {
    const address = parse(rule);
    return address && [address, bitsOf(address)];
  }
  if (!isPlain(rule.slice(0, rule.indexOf("/"))) || !ipaddr.isValidCIDR(rule)) return null;
  const [network, bits] = ipaddr.parseCIDR(rule);
  if (network.kind() === "ipv4") return [network, bits];
  const v6 = network as ipaddr.IPv6;
  return v6.isIPv4MappedAddress() && bits >= 96 ? [v6.toIPv4Address(), bits - 96] : [v6, bits];
}

/** Shared by the many accounts that have no rules. */
const empty: AddressList = { includes: () => false };

/** Look-ups that a list remembers. */
const mostKnown = 1000;

/**
 * Compiles rules such as `203.0.113.9`, `10.0.0.0/8` and `2001:db8::/32`.
 *
 * @throws RangeError naming the first rule that is neither an address nor a CIDR
 */
export function compileAddressList(rules: readonly string[]): AddressList {
  if (rules.length === 0) return empty;
  const compiled = rules.map((rule) => {
    const parsed = parseRule(rule.trim());
    if (!parsed) throw new RangeError(`${rule} is not an address or a CIDR`);
    return parsed;
  });
  const covers = (text: string): boolean => {
    const address = parse(text);
    if (!address) return false;
    return compiled.some(([network, bits]) => {
      return network.kind() === address.kind() && address.match(network, bits);
    });
  };
  // The same few addresses are looked up again and again, and taking one apart is most of the work.
  const known = new Map<string, boolean>();
  return {
    includes(text) {
      let covered = known.get(text);
      if (covered === undefined) {
        covered = covers(text);
        if (known.size >= mostKnown) known.clear();
        known.set(text, covered);
      }
      return covered;
    },
  };
}
