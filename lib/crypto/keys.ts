import { hkdfSync } from "node:crypto";
import { config } from "@/lib/config";

/** One key for each purpose, so that a leak of one says nothing of the others. docs/security/dashboard.md says what each is for. */
export type KeyPurpose =
  | "client-token-pepper"
  | "instance-token-pepper"
  | "recovery-code-pepper"
  | "pending-sign-in-pepper"
  | "pending-link-pepper"
  | "mail-link-pepper"
  | "passkey-challenge"
  | "sealed-box"
  | "totp-seed"
  | "session-cookie"
  | "action-arguments"
  | "internal-hop"
  | "audit-signing"
  | "invitation-pepper";

/** Derives 32 bytes from a secret by HKDF-SHA-256 (RFC 5869), with what they are for as `info`. */
function derive(secret: string, info: string): Buffer {
  return Buffer.from(hkdfSync("sha256", secret, "latchkey", `latchkey/v1/${info}`, 32));
}

/** The keys of one secret, or those that are left of one that was retired. */
export interface SecretKeys {
  /** Tells one secret from another and says nothing of it: 16 hexadecimal digits. */
  readonly id: string;
  /** undefined: this key is not left. */
  key(purpose: KeyPurpose): Buffer | undefined;
}

/** All keys of a secret: the same in every process that has it. */
export function keysOf(secret: string): SecretKeys & { key(purpose: KeyPurpose): Buffer } {
  const derived = new Map<KeyPurpose, Buffer>();
  return {
    id: derive(secret, "secret-id").toString("hex").slice(0, 16),
    key(purpose) {
      const known = derived.get(purpose) ?? derive(secret, purpose);
      derived.set(purpose, known);
      return known;
    },
  };
}

interface KeyRing {
  /** Those that this process was given, whole, by their ids. A process forgets none until it ends. */
  readonly given: Map<string, SecretKeys>;
  /** What is left of others. */
  retired: readonly SecretKeys[];
  inUse: string;
  version: number;
}

// The pages have a copy of this module of their own, in the same process.
const shared = globalThis as typeof globalThis & { latchkeyKeys?: KeyRing };

function ring(): KeyRing {
  if (!shared.latchkeyKeys) {
    const given = new Map(
      config()
        .secrets()
        .map(keysOf)
        .map((keys) => [keys.id, keys]),
    );
    const [inUse = ""] = given.keys();
    shared.latchkeyKeys = { given, retired: [], inUse, version: 0 };
  }
  return shared.latchkeyKeys;
}

/** The secrets that this process was given, by their keys: the one it would use by itself first. */
export function givenKeys(): readonly SecretKeys[] {
  return [...ring().given.values()];
}

/** Reads again what secrets there are, where they are kept in a file; adds those that are new. */
export function readSecretsAgain(): void {
  const { given } = ring();
  const known = given.size;
  for (const keys of config().secrets().map(keysOf)) if (!given.has(keys.id)) given.set(keys.id, keys);
  if (given.size > known) ring().version++;
}

/**
 * Has everything new put under one of the given secrets.
 *
 * @param retired what is left of others, for checking what is still under them
 * @throws Error for a secret that was not given
 */
export function adoptSecret(id: string, retired: readonly SecretKeys[]): void {
  const keys = ring();
  if (!keys.given.has(id)) throw new Error("keys: a secret that was not given");
  const before = stateOf(keys);
  keys.inUse = id;
  keys.retired = retired;
  if (stateOf(keys) !== before) keys.version++;
}

const stateOf = ({ inUse, retired }: KeyRing) => [inUse, ...retired.map(({ id }) => id)].join();

/** The id of the secret in use. */
export function secretInUse(): string {
  return ring().inUse;
}

/** Another number whenever any of the keys are others. */
export function keysVersion(): number {
  return ring().version;
}

/** The key that whatever is new is made with. */
export function keyFor(purpose: KeyPurpose): Buffer {
  const key = ring().given.get(ring().inUse)?.key(purpose);
  if (!key) throw new Error("keys: no secret");
  return key;
}

/** Every key that something may be under, the one in use first. Mostly there is one. */
export function keysFor(purpose: KeyPurpose): readonly Buffer[] {
  const { given, retired, inUse } = ring();
  const others = [...given.values(), ...retired].filter(({ id }) => id !== inUse);
  return [keyFor(purpose), ...others.flatMap((keys) => keys.key(purpose) ?? [])];
}

/** Computes something from keys once, and again when they are others. */
export function whileKeysLast<T>(compute: () => T): () => T {
  let made: { readonly version: number; readonly value: T } | undefined;
  return () => {
    if (made?.version !== keysVersion()) made = { version: keysVersion(), value: compute() };
    return made.value;
  };
}
