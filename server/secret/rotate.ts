import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { config } from "@/lib/config";
import { ed25519Key, publicHalf } from "@/lib/crypto/audit-key";
import { adoptSecret, givenKeys, keysOf, type SecretKeys, secretInUse } from "@/lib/crypto/keys";
import {
  announceSecrets,
  countOldDigests,
  forgetLeftKeys,
  readFollowers,
  readSecretKeys,
  type SecretFollower,
  whileRotating,
} from "@/lib/db/secret-keys";
import { sessionAbsoluteSeconds } from "@/lib/domain/session";
import { putInUse } from "@/lib/services/replace-secret";
import { Refusal } from "../command";
import { explainFileError } from "../folders";
import { replaceFile } from "../replace-file";
import { codeOf } from "../terminal";
import { keepWords } from "../words";
import { loadKeys, openLeftKeys, sealLeftKeys } from "./keyring";
import { type Resealed, resealAll } from "./reseal";

/** What came of replacing the secret. */
interface Rotation extends Resealed {
  readonly from: string;
  readonly to: string;
  /** Live tokens and unused recovery codes whose digests stay under keys of older secrets. */
  readonly oldTokens: number;
  readonly oldRecoveryCodes: number;
  /** Processes that did not say in time that they use the new secret. */
  readonly late: number;
  /** False: the file of the secret cannot be written here, and still has the old one in its second line. */
  readonly isFileDone: boolean;
}

const knowWithinMs = 10_000;
const useWithinMs = 30_000;
const askEveryMs = 100;

async function followersUntil(
  isRight: (follower: SecretFollower) => boolean,
  withinMs: number,
): Promise<readonly SecretFollower[]> {
  const end = performance.now() + withinMs;
  for (;;) {
    const wrong = (await readFollowers()).filter((follower) => !isRight(follower));
    if (wrong.length === 0 || performance.now() >= end) return wrong;
    await sleep(askEveryMs);
  }
}

const named = (followers: readonly SecretFollower[]) =>
  followers.map(({ pid, address }) => `${address} (${pid})`).join(", ");

/** Whether the file of the secret could be replaced: one that a container was given may be somebody else's to write. */
function replaced(file: string, text: string): boolean {
  try {
    replaceFile(file, text);
    return true;
  } catch (error) {
    if (["EROFS", "EACCES", "EPERM", "EBUSY", "EXDEV"].includes(codeOf(error))) return false;
    throw explainFileError(error, file);
  }
}

/**
 * The secret that is to come, where the installation keeps its own in a file; the file holds both from then on.
 *
 * @throws Refusal when it holds one, and cannot be written here
 */
function nextInFile(file: string, inUse: string): string {
  const secrets = config().secrets();
  const [first = "", second] = secrets;
  // Cut off earlier: before the new one was in use, or after.
  if (keysOf(first).id !== inUse || second !== undefined) return keysOf(first).id;
  const next = randomBytes(32).toString("base64url");
  if (!replaced(file, `${next}\n${first}\n`)) throw new Refusal(keepWords("rotate.readOnly", { path: file }));
  return keysOf(next).id;
}

/** The same where every process gets it from its environment. @throws Refusal when there is none */
async function nextInEnvironment(inUse: string): Promise<string> {
  const [first, second] = config().secrets().map(keysOf);
  const known = await readSecretKeys();
  // In use already: then the other one must be known as the one before.
  const goesOn = first?.id === inUse && known.some(({ id }) => id === second?.id);
  if (!first || !second || (first.id === inUse && !goesOn)) throw new Refusal(keepWords("rotate.noNext"));
  return first.id;
}

/** What stays of every secret but the next: sealed under that one, which this process uses from here on. */
async function leftUnder(next: string, former: SecretKeys) {
  const stored = (await readSecretKeys()).filter(({ id }) => id !== next && id !== former.id);
  const left = stored.map((each) => ({ ...each, keys: openLeftKeys(each) }));
  adoptSecret(next, []);
  const seed = former.key("audit-signing");
  if (!seed) throw new Error("keys: the secret in use was not given");
  return [
    { id: former.id, sealed: sealLeftKeys(former), auditKey: publicHalf(ed25519Key(seed)).x },
    ...left.map(({ id, keys, sealed, auditKey }) => ({
      id,
      sealed: sealed === null ? null : sealLeftKeys(keys),
      auditKey,
    })),
  ];
}

async function change(file: string | undefined, tell: (text: string) => void): Promise<Rotation> {
  await loadKeys();
  const from = secretInUse();
  const former = givenKeys().find(({ id }) => id === from);
  if (!former) throw new Error("keys: the secret in use was not given");
  const to = file === undefined ? await nextInEnvironment(from) : nextInFile(file, from);
  if (to === from) {
    tell(keepWords("rotate.goesOn"));
  } else {
    await announceSecrets();
    await loadKeys();
    const ignorant = await followersUntil(({ known }) => known.includes(to), knowWithinMs);
    if (ignorant.length > 0) throw new Refusal(keepWords("rotate.ignorant", { who: named(ignorant) }));
    await putInUse({ from, to, left: await leftUnder(to, former) });
    await loadKeys();
    tell(keepWords("rotate.inUse"));
  }
  let late = await followersUntil(({ inUse }) => inUse === to, useWithinMs);
  const sum = { instances: 0, services: 0, seeds: 0, mails: 0, unreadable: 0 };
  // What was made while the processes changed over is found by the second look.
  for (let changed = 1; changed > 0; ) {
    const resealed = await resealAll((count) => tell(keepWords("rotate.done", { count })));
    const { unreadable, ...counts } = resealed;
    for (const [kind, count] of Object.entries(counts) as [keyof typeof counts, number][]) sum[kind] += count;
    sum.unreadable = unreadable;
    changed = Object.values(counts).reduce((a, b) => a + b, 0);
  }
  let isFileDone = true;
  late = late.length > 0 ? await followersUntil(({ inUse }) => inUse === to, 0) : late;
  if (file !== undefined && late.length === 0) {
    const current = config()
      .secrets()
      .find((secret) => keysOf(secret).id === to);
    isFileDone = current !== undefined && replaced(file, `${current}\n`);
  }
  await forgetLeftKeys(new Date(Date.now() - sessionAbsoluteSeconds * 1000));
  const old = await countOldDigests();
  return {
    from,
    to,
    ...sum,
    oldTokens: old.reduce((count, { tokens }) => count + tokens, 0),
    oldRecoveryCodes: old.reduce((count, { recoveryCodes }) => count + recoveryCodes, 0),
    late: late.length,
    isFileDone,
  };
}

/**
 * Replaces the secret while everything runs: has every process learn the new one, puts it in use, and puts under it what
 * can be. Cut off at any moment, it goes on where it was when it is called again.
 *
 * @param file of the secret, where the installation keeps its own; undefined: processes have it from their environment
 * @param tell told how far it is
 * @throws Refusal when another process does the same, or one that serves does not know the new secret yet
 */
export async function rotateSecret(
  file: string | undefined,
  tell: (text: string) => void,
): Promise<Rotation> {
  const done = await whileRotating(() => change(file, tell));
  if (done === undefined) throw new Refusal(keepWords("rotate.twice"));
  return done;
}
