import type { DenialReason, TokenVerdict } from "@/lib/domain/gate";

/**
 * One decided request whose instance and instance token were right, as the gate saw it; or one sight of what it
 * opened, which goes on.
 */
export interface Observation {
  readonly accountId: string;
  readonly instanceId: string;
  /** Canonical address; null when it is not known. */
  readonly clientAddress: string | null;
  /** The `User-Agent` header as sent, one character a byte; the observer cuts and cleans it. */
  readonly userAgent: string | null;
  readonly method: string;
  /** The path behind the instance token, without the query; kept only as its template. */
  readonly rest: string;
  /** What the decision was. What became of the request behind it is not observed. */
  readonly outcome: "accepted" | DenialReason;
  /** What enforcement would have said of the token; null when the decision did not come to it. */
  readonly token: TokenVerdict | null;
  /** 1; 0 where no request came, but an open connection carried bytes for its caller. */
  readonly requests: 0 | 1;
  /** The moment of the request, in milliseconds since 1970. */
  readonly at: number;
}

/** Sums observations and writes them down now and then; nothing of a single request goes to the database. */
export interface Observer {
  /** Adds one observation in constant time and bounded memory. Never throws. */
  record(observation: Observation): void;
  /** Writes what is summed up. What cannot be written stays and goes with the next flush; never rejects. */
  flush(): Promise<void>;
  /** Flushes, up to three times and 5 s while that fails, and stops; what is recorded later is dropped. */
  close(): Promise<void>;
}
