import { clientTokenDigest, instanceTokenDigest } from "@/lib/crypto/digest";
import { forwardedHeaders, type HeaderLine, safeHost } from "@/lib/domain/forwarded-headers";
import { parseRequestPath } from "@/lib/domain/instance-url";
import { classifyPresentedToken, type PresentedToken } from "@/lib/domain/presented-token";

/** A presented token, judged by its form, and its digest where it has the right one. */
export interface JudgedToken {
  readonly presented: PresentedToken;
  readonly digest: Buffer | null;
}

/** Judges the lines of the `Client-Token` header. */
export function judgeToken(lines: readonly string[]): JudgedToken {
  const presented = classifyPresentedToken(lines);
  return { presented, digest: presented.kind === "well_formed" ? clientTokenDigest(presented.value) : null };
}

/** Remembers the last argument and result of a pure function. */
function rememberLast<K, V>(compute: (key: K) => V): (key: K) => V {
  let last: { readonly key: K; readonly value: V } | undefined;
  return (key) => {
    if (last === undefined || last.key !== key) last = { key, value: compute(key) };
    return last.value;
  };
}

/**
 * What was computed for the last request of a connection, because the next is mostly like it: digests above
 * all. Never shared between connections, so that no time tells anybody about a token that is not theirs.
 */
export class ConnectionMemo {
  readonly path = rememberLast(parseRequestPath);
  readonly instanceDigest = rememberLast(instanceTokenDigest);
  readonly token = rememberLast((line: string) => judgeToken([line]));
  readonly host = rememberLast(safeHost);
  readonly #forwarded = rememberLast((key: string): readonly HeaderLine[] => {
    const [address = "", host = "", protocol = ""] = key.split(" ");
    return forwardedHeaders({
      address: address || null,
      host: host || null,
      protocol: protocol === "https" ? "https" : "http",
    });
  });

  /** As `forwardedHeaders`. Neither an address nor a host contains a space. */
  forwarded(address: string | null, host: string | null, protocol: "http" | "https"): readonly HeaderLine[] {
    return this.#forwarded(`${address ?? ""} ${host ?? ""} ${protocol}`);
  }
}
