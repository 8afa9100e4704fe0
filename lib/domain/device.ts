import ipaddr from "ipaddr.js";
import type { Origin } from "./actor";
import { browserName } from "./browser-name";

/** Bytes of an address that name a network: an IPv4 /24, an IPv6 /48 (what a customer gets, RFC 6177). */
const networkBytes = { ipv4: 3, ipv6: 6 } as const;

function network(address: string): string {
  if (!ipaddr.isValid(address)) return address;
  const parsed = ipaddr.process(address);
  return parsed.toByteArray().slice(0, networkBytes[parsed.kind()]).join(".");
}

/**
 * What two sign-ins have in common that look like the same browser on the same line: its name, its system and
 * the network. Versions are left out, because they change by themselves.
 */
export function deviceKey({ address, userAgent }: Origin): string {
  const { browser, system } = browserName(userAgent);
  return [browser ?? "", system ?? "", network(address)].join(" ");
}
