import { lookup as systemLookup } from "node:dns";
import { isIP, type LookupFunction } from "node:net";
import { buildConnector } from "undici";
import { bareHost, isPublicAddress } from "@/lib/domain/upstream-url";

/** An upstream's address is one that tenants must not reach. */
class UpstreamRefused extends Error {
  readonly code = "UPSTREAM_REFUSED";
  constructor() {
    super("the upstream's address is not a public one");
    this.name = "UpstreamRefused";
  }
}

/**
 * Wraps a look-up so that it yields public addresses only. The socket connects to exactly these, so a
 * name that answers differently the next time (DNS rebinding) gains nothing.
 */
export function publicOnly(lookup: typeof systemLookup): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, addresses) => {
      if (error) return callback(error, []);
      const allowed = addresses.filter(({ address }) => isPublicAddress(address));
      const [first] = allowed;
      if (!first) return callback(new UpstreamRefused(), []);
      if (options.all) callback(null, allowed);
      else callback(null, first.address, first.family);
    });
  };
}

/**
 * Makes undici's way to connect. Unless private upstreams are allowed, it refuses to connect to any
 * address that is not public, whether the URL names the address or a name resolves to it.
 *
 * @param options.timeoutMs for look-up, TCP and TLS together
 * @param options.lookup for tests; the system's resolver otherwise
 */
export function upstreamConnector(options: {
  allowPrivate: boolean;
  timeoutMs: number;
  lookup?: typeof systemLookup;
}): buildConnector.connector {
  // HTTP/1.1 alone is spoken behind it.
  const common = { timeout: options.timeoutMs, allowH2: false };
  if (options.allowPrivate) return buildConnector(common);
  const connect = buildConnector({ ...common, lookup: publicOnly(options.lookup ?? systemLookup) });
  return (target, callback) => {
    const host = bareHost(target.hostname);
    // Sockets skip the look-up for addresses.
    if (isIP(host) !== 0 && !isPublicAddress(host)) callback(new UpstreamRefused(), null);
    else connect(target, callback);
  };
}
