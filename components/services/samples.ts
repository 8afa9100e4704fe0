import { accountTokenPlaceholder, quoteShell } from "@/components/instances/samples";
import { clientTokenHeader } from "@/lib/domain/token-format";

/** One header of a sample. */
type SampleHeader = readonly [name: string, value: string];

/** The header in which a caller of a service sends the account's token. */
export function tokenLine(tokenHeader: string | null): SampleHeader {
  if (tokenHeader === null) return [clientTokenHeader, accountTokenPlaceholder];
  const scheme = tokenHeader === "authorization" ? "Bearer " : "";
  return [tokenHeader, scheme + accountTokenPlaceholder];
}

/** A call one can paste into a shell. */
interface SampleCall {
  readonly url: string;
  readonly headers: readonly SampleHeader[];
  /** Where to connect whatever the URL's name leads to, as host:port; null: where it leads. */
  readonly connectTo: string | null;
}

/** A call with curl; before its name leads here, with the address to connect to. */
export function renderCurl({ url, headers, connectTo }: SampleCall): string {
  const lines = [
    `curl ${quoteShell(url)}`,
    ...(connectTo === null ? [] : [`--connect-to ${quoteShell(`::${connectTo}`)}`]),
    ...headers.map(([name, value]) => `-H ${quoteShell(`${name}: ${value}`)}`),
  ];
  return lines.join(" \\\n  ");
}

/** The host and port at which an origin is reached, as curl takes them. */
export function connectTarget(origin: string): string {
  const { hostname, port, protocol } = new URL(origin);
  return `${hostname}:${port || (protocol === "https:" ? "443" : "80")}`;
}
