import { config } from "@/lib/config";
import {
  adoptSecret,
  givenKeys,
  type KeyPurpose,
  readSecretsAgain,
  type SecretKeys,
  secretInUse,
} from "@/lib/crypto/keys";
import { boxPrefix, seal, unseal } from "@/lib/crypto/sealed-box";
import { listenOn } from "@/lib/db/listener";
import { pool } from "@/lib/db/pool";
import {
  followerName,
  noteFirstSecret,
  readSecretKeys,
  type StoredSecretKey,
  sampleBoxes,
  secretChannel,
} from "@/lib/db/secret-keys";
import { sessionAbsoluteSeconds } from "@/lib/domain/session";
import { Refusal } from "../command";
import { placeOf } from "../migrations/connect";
import { words } from "../words";

/** The secret that was given is not the one that the data of this database is under. */
export class WrongSecretError extends Refusal {
  override name = "WrongSecretError";
}

/** Digests under these keys last until what they are of is ended or used: nobody can make them anew. */
const lasting: readonly KeyPurpose[] = ["client-token-pepper", "recovery-code-pepper"];

/** What is under these ends by itself, sessions last. */
const passing: readonly KeyPurpose[] = [
  "session-cookie",
  "passkey-challenge",
  "pending-sign-in-pepper",
  "pending-link-pepper",
  "mail-link-pepper",
  "invitation-pepper",
];

const bagContext = (id: string) => `secret:${id}:keys`;

/** Seals what must stay of a secret that is retired, under the one in use. */
export function sealLeftKeys(keys: SecretKeys): string {
  const left = [...lasting, ...passing].flatMap((purpose) => {
    const key = keys.key(purpose);
    return key ? [[purpose, key.toString("base64url")]] : [];
  });
  return seal(JSON.stringify(Object.fromEntries(left)), bagContext(keys.id));
}

/** What is left of a retired secret. */
export function openLeftKeys({ id, sealed, retiredAt }: StoredSecretKey): SecretKeys {
  const left = sealed === null ? {} : (JSON.parse(unseal(sealed, bagContext(id))) as Record<string, string>);
  const over = retiredAt !== null && Date.now() - retiredAt.getTime() > sessionAbsoluteSeconds * 1000;
  return {
    id,
    key(purpose) {
      const key = over && !lasting.includes(purpose) ? undefined : left[purpose];
      return key === undefined ? undefined : Buffer.from(key, "base64url");
    },
  };
}

/** Of the given secrets, the one that the data is under where no secret was ever noted; undefined: any will do. */
async function secretOfData(): Promise<SecretKeys | undefined> {
  const boxes = await sampleBoxes();
  if (boxes.length === 0) return undefined;
  const opens = (keys: SecretKeys) =>
    boxes.every(({ box, seed }) => {
      const key = keys.key(seed ? "totp-seed" : "sealed-box");
      return key !== undefined && box.startsWith(boxPrefix(key));
    });
  const found = givenKeys().find(opens);
  if (!found) throw wrongSecret();
  return found;
}

const wrongSecret = () =>
  new WrongSecretError(words("secret.wrong", { place: placeOf(config().databaseUrl ?? "") }));

/**
 * Learns from the database which secret is in use, and what is left of older ones. The first time, it notes the given one.
 *
 * @throws WrongSecretError before anything is written; Error when the database cannot be read
 */
export async function loadKeys(): Promise<void> {
  readSecretsAgain();
  let stored = await readSecretKeys();
  if (stored.length === 0) {
    await noteFirstSecret((await secretOfData())?.id ?? secretInUse());
    stored = await readSecretKeys();
  }
  const inUse = stored.find(({ retiredAt }) => retiredAt === null);
  if (!inUse || !givenKeys().some(({ id }) => id === inUse.id)) throw wrongSecret();
  const given = new Set(givenKeys().map(({ id }) => id));
  adoptSecret(inUse.id, stored.filter(({ id }) => !given.has(id)).map(openLeftKeys));
}

/** How long a process that starts waits for a database that does not answer: a busy one still tells a wrong secret. */
const patienceMs = 10_000;

/**
 * The same for a process that starts: one whose database is away starts all the same, and learns it later.
 *
 * @throws WrongSecretError
 */
export async function loadKeysAtStart(): Promise<void> {
  const waited = new Promise<void>((resolve) => setTimeout(resolve, patienceMs).unref());
  try {
    await Promise.race([loadKeys(), waited]);
  } catch (error) {
    if (!(error instanceof WrongSecretError)) return;
    // Nothing else would end this process.
    await pool().end();
    throw error;
  }
}

/** A process that learns of other secrets while it runs. */
export interface KeyFollower {
  /** Resolves as soon as it is known which secret is in use. @throws Error when the database cannot be read */
  loaded(): Promise<void>;
  close(): Promise<void>;
}

const askEveryMs = 5000;
const readAgainMs = 3600_000;

/**
 * Keeps the keys of this process right as long as it runs, and lets whoever replaces the secret see which ones it knows.
 *
 * @param onFailure told why the keys could not be read again; those that were known still count
 */
export function followKeys(onFailure: (error: unknown) => void): KeyFollower {
  let first: Promise<void> | undefined;
  const name = () =>
    followerName(
      secretInUse(),
      // The newest first: a long list is cut.
      givenKeys()
        .map(({ id }) => id)
        .reverse(),
    );
  const load = () => loadKeys().then(() => listener.rename(name()));
  const again = () => void load().catch(onFailure);
  const listener = listenOn(
    { channels: [secretChannel], applicationName: name(), everyMs: askEveryMs },
    { heard: again, connected: again, alive: () => {}, lost: () => {} },
  );
  const hourly = setInterval(again, readAgainMs).unref();
  return {
    loaded() {
      first ??= load().catch((error) => {
        first = undefined;
        throw error;
      });
      return first;
    },
    close() {
      clearInterval(hourly);
      return listener.close();
    },
  };
}
