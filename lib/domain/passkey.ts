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

/**
 * Names of common keepers of passkeys by their AAGUID, to have something to call a new passkey. It is what
 * the keeper says of itself: good for a name, no proof of anything.
 */
const providers: Readonly<Record<string, string>> = {
  "fbfc3007-154e-4ecc-8c0b-6e020557d7bd": "iCloud Keychain",
  "dd4ec289-e01d-41c9-bb89-70fa845d4bf2": "iCloud Keychain",
  "ea9b8d66-4d01-1d21-3ce4-b6b48cb575d4": "Google Password Manager",
  "adce0002-35bc-c60a-648b-0b25f1f05503": "Chrome on Mac",
  "08987058-cadc-4b81-b6e1-30de50dcbe96": "Windows Hello",
  "9ddd1817-af5a-4672-a2b9-3e3dd95000a9": "Windows Hello",
  "6028b017-b1d4-4c02-b4b3-afcdafc96bb2": "Windows Hello",
  "bada5566-a7aa-401f-bd96-45619a55120d": "1Password",
  "d548826e-79b4-db40-a3d8-11116f7e8349": "Bitwarden",
  "531126d6-e717-415c-9320-3d9aa6981239": "Dashlane",
  "0ea242b4-43c4-4a1b-8b17-dd6d0b6baec6": "Keeper",
  "50726f74-6f6e-5061-7373-50726f746f6e": "Proton Pass",
  "53414d53-554e-4700-0000-000000000000": "Samsung Pass",
};

/** The name of the keeper with this AAGUID, if it is a known one. */
export function passkeyProvider(aaguid: string): string | undefined {
  return providers[aaguid.toLowerCase()];
}
