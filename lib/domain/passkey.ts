/** A passkey as the person who has it sees it. */
export interface PasskeyView {
  readonly id: string;
  readonly name: string;
  readonly createdAt: Date;
  readonly lastUsedAt: Date | null;
  /** Kept in the person's password manager, so that it outlives the device. */
  readonly synced: boolean;
  /** The host it works under, when that is another one than the page's. */
  readonly otherHost: string | null;
}

/** At most this many passkeys a person. */
export const passkeysMax = 20;

/** A challenge has to be answered within this time. */
export const challengeSeconds = 5 * 60;

/** Why a page cannot use passkeys: browsers want a host name, and https everywhere but on localhost. */
export type PasskeyObstacle = "address" | "insecure";

/** The page's own origin, and the host that passkeys are bound to (the relying party's id). */
export interface PasskeySite {
  readonly origin: string;
  readonly rpId: string;
}

const isAddress = (host: string): boolean => host.startsWith("[") || /^\d+(?:\.\d+){3}$/.test(host);

const isLocal = (host: string): boolean => host === "localhost" || host.endsWith(".localhost");

/**
 * What passkeys are bound to on a page of this origin (WebAuthn Level 3 §5.1.3: the effective domain), or why
 * there can be none.
 *
 * @param origin scheme, host and port
 */
export function passkeySiteOf(origin: string): PasskeySite | PasskeyObstacle {
  const { protocol, hostname } = new URL(origin);
  if (isAddress(hostname)) return "address";
  if (protocol !== "https:" && !isLocal(hostname)) return "insecure";
  return { origin, rpId: hostname };
}
