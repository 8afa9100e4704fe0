import ipaddr from "ipaddr.js";
import { type Address, bitsOf, formatAddress, parseRule } from "./address-list";

/** Entries that one account's list holds at most. */
export const mostAddressRules = 500;

/** Why a text is no entry of the list. */
type RuleRefusal =
  | { readonly code: "required" | "address_invalid" }
  /** Only the machine itself knows its zones: the address without it is `address`. */
  | { readonly code: "address_zone"; readonly params: { readonly address: string } }
  /** More bits than the prefix has: the range may be meant, or the one address. */
  | {
      readonly code: "address_host_bits";
      readonly params: { readonly network: string; readonly address: string };
    };

/** A text read as an entry of the list. */
type ReadRule = { readonly ok: true; readonly cidr: string } | ({ readonly ok: false } & RuleRefusal);

function networkOf(address: Address, bits: number): Address {
  const cidr = `${address.toString()}/${bits}`;
  return address.kind() === "ipv4"
    ? ipaddr.IPv4.networkAddressFromCIDR(cidr)
    : ipaddr.IPv6.networkAddressFromCIDR(cidr);
}

function format(network: Address, bits: number): string {
  const text = formatAddress(network);
  return bits === bitsOf(network) ? text : `${text}/${bits}`;
}

/**
 * Reads an address or range as people type it. Equal ranges have one form: IPv4 dotted, IPv6 as in RFC 5952,
 * IPv4-mapped as the IPv4 it carries, one address without its prefix length. Total.
 */
export function readRule(text: string): ReadRule {
  const rule = text.trim();
  if (rule === "") return { ok: false, code: "required" };
  if (rule.includes("%")) {
    const plain = readRule(rule.replace(/%[^/]*/g, ""));
    return plain.ok
      ? { ok: false, code: "address_zone", params: { address: plain.cidr } }
      : { ok: false, code: "address_invalid" };
  }
  const parsed = parseRule(rule);
  if (!parsed) return { ok: false, code: "address_invalid" };
  const [address, bits] = parsed;
  const network = networkOf(address, bits);
  if (formatAddress(network) !== formatAddress(address)) {
    const params = { network: format(network, bits), address: formatAddress(address) };
    return { ok: false, code: "address_host_bits", params };
  }
  return { ok: true, cidr: format(network, bits) };
}

/** True when every address of `inner` is in `outer`. Both as `readRule` writes them. */
export function contains(outer: string, inner: string): boolean {
  const [wide, narrow] = [parseRule(outer), parseRule(inner)];
  if (!wide || !narrow || wide[0].kind() !== narrow[0].kind()) return false;
  return wide[1] <= narrow[1] && narrow[0].match(wide[0], wide[1]);
}

/** One line of a list as people keep it. */
interface RuleLine {
  /** 1 for the first line of the text. */
  readonly line: number;
  readonly address: string;
  readonly note: string;
}

/** Reads a list: an address or range a line, then its note. Empty lines and those that begin with # are none. */
export function readRuleLines(text: string): RuleLine[] {
  return text.split(/\r\n|\r|\n/).flatMap((raw, index) => {
    const [, address, note = ""] = /^([^\s,;#]+)[\s,;#]*(.*)$/.exec(raw.trim()) ?? [];
    return address === undefined ? [] : [{ line: index + 1, address, note: note.trim() }];
  });
}

/** Whether an address can be someone out on the internet: the others may be a proxy that is not trusted. */
export type AddressKind = "public" | "private" | "loopback";

const privateRanges: ReadonlySet<string> = new Set([
  "private",
  "uniqueLocal",
  "linkLocal",
  "carrierGradeNat",
  "unspecified",
]);

/** The kind of a canonical address; null for text that is none. */
export function addressKind(address: string): AddressKind | null {
  const parsed = parseRule(address);
  if (!parsed) return null;
  const range = parsed[0].range();
  if (range === "loopback") return "loopback";
  return privateRanges.has(range) ? "private" : "public";
}
