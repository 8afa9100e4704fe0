import ipaddr from "ipaddr.js";

/** Azure's host agent answers on a public address, yet only from inside a virtual machine. */
const cloudHostAgents = new Set(["168.63.129.16"]);

const globalUnicast = ipaddr.IPv6.parseCIDR("2000::/3");

function isPublicV4(address: ipaddr.IPv4): boolean {
  return address.range() === "unicast" && !cloudHostAgents.has(address.toString());
}

function embeddedV4(parts: readonly number[], at: number): ipaddr.IPv4 {
  const high = parts[at] ?? 0;
  const low = parts[at + 1] ?? 0;
  return new ipaddr.IPv4([high >> 8, high & 255, low >> 8, low & 255]);
}

function isPublicV6(address: ipaddr.IPv6): boolean {
  switch (address.range()) {
    case "unicast":
      return address.match(globalUnicast);
    case "ipv4Mapped":
      return isPublicV4(address.toIPv4Address());
    // NAT64 (RFC 6052): the packet ends at the IPv4 address in the last 32 bits.
    case "rfc6052":
      return isPublicV4(embeddedV4(address.parts, 6));
    // 6to4 (RFC 3056): the packet ends at the IPv4 address behind the prefix.
    case "6to4":
      return isPublicV4(embeddedV4(address.parts, 1));
    default:
      return false;
  }
}

/**
 * True for an address on the public internet. False for private, loopback, link-local, shared (CGNAT),
 * multicast, unspecified, reserved and documentation addresses, cloud metadata services, every IPv6
 * form that carries one of those IPv4 addresses (mapped, NAT64, 6to4), Teredo, and for text that is no
 * address at all (IANA special-purpose registries, RFC 6890).
 */
export function isPublicAddress(text: string): boolean {
  if (!ipaddr.isValid(text)) return false;
  const address = ipaddr.parse(text);
  return address.kind() === "ipv4" ? isPublicV4(address as ipaddr.IPv4) : isPublicV6(address as ipaddr.IPv6);
}
