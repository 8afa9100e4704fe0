function port(name: string): number {
  const value = Number(process.env[name]);
  if (Number.isInteger(value) && value > 0) return value;
  throw new Error(`${name} is not set`);
}

/** Where a server of bench/programs listens, on 127.0.0.1. */
export const listenPort = port("PORT");

/** The upstream's port on 127.0.0.1; only proxies ask. */
export function upstreamPort(): number {
  return port("UPSTREAM_PORT");
}
