import { createReadStream } from "node:fs";
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import {
  type AuditKey,
  auditKeysIn,
  checkpointOf,
  isSignedBy,
  type SignedCheckpoint,
  signedText,
} from "@/lib/domain/audit-checkpoint";
import { type AuditVerdict, AuditVerification } from "@/lib/domain/audit-verification";
import { exportLines, verdictText } from "./audit-export";
import { codeOf, printFailure, StartError } from "./terminal";

const usage = `Checks an audit trail that was exported as JSON Lines. Needs no server, database or secret.

  npm run audit:verify -- FILE [--key KEY] [--checkpoint EARLIER]

  --key         the public key as JSON: /.well-known/latchkey-audit-key.json of your Latchkey
  --checkpoint  an earlier export, or its last line: the trail must still pass through it

Ends with 0 when the trail is proven, 1 when it is broken, 2 when its end is unproven, 64 for wrong use.`;

const exitCodes: Readonly<Record<AuditVerdict["result"], number>> = { proven: 0, broken: 1, unproven: 2 };
const wrongUse = 64;

/** npm changes the folder; what was typed is meant from where it was typed. */
const typed = (path: string) => resolve(process.env.INIT_CWD ?? process.cwd(), path);

async function readable<T>(path: string, read: (path: string) => Promise<T>): Promise<T> {
  try {
    return await read(typed(path));
  } catch (error) {
    const code = codeOf(error);
    if (code === "") throw error;
    throw new StartError(`${path} cannot be read (${code}): check the name and the rights.`);
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

async function keysOf(path: string | undefined): Promise<readonly AuditKey[]> {
  if (path === undefined) return [];
  const keys = auditKeysIn(parsed(await readable(path, (file) => readFile(file, "utf8"))));
  if (keys.length === 0) throw new StartError(`${path} holds no Ed25519 key in JSON (RFC 8037).`);
  return keys;
}

/** The checkpoint at the end of an earlier export, checked like any other. */
async function keptOf(
  path: string | undefined,
  keys: readonly AuditKey[],
): Promise<SignedCheckpoint | undefined> {
  if (path === undefined) return undefined;
  let last = "";
  await readable(path, async (file) => {
    for await (const { text } of exportLines(createReadStream(file))) last = text ?? "";
  });
  const value = parsed(last);
  const kept = typeof value === "object" && value !== null ? checkpointOf({ ...value }) : null;
  if (!kept) throw new StartError(`${path} does not end with a checkpoint.`);
  if (keys.length > 0 && !keys.some((key) => isSignedBy(key, signedText(kept), kept.signature))) {
    throw new StartError(`the checkpoint in ${path} was not signed with the given key.`);
  }
  return kept;
}

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      key: { type: "string" },
      checkpoint: { type: "string" },
      help: { type: "boolean", short: "h" },
    },
  });
  const [file, ...more] = positionals;
  if (values.help || file === undefined || more.length > 0) {
    process.stdout.write(`${usage}\n`);
    return values.help ? 0 : wrongUse;
  }
  const keys = await keysOf(values.key);
  const kept = await keptOf(values.checkpoint, keys);
  const verification = new AuditVerification({ keys, ...(kept && { kept }) });
  await readable(file, async (path) => {
    for await (const { text, ended } of exportLines(createReadStream(path))) verification.take(text, ended);
  });
  const verdict = verification.end();
  process.stdout.write(`${verdictText(verdict)}\n`);
  return exitCodes[verdict.result];
}

try {
  process.exitCode = await main();
} catch (error) {
  const misused = codeOf(error).startsWith("ERR_PARSE_ARGS");
  printFailure(misused && error instanceof Error ? new StartError(`${error.message}\n\n${usage}`) : error);
  process.exitCode = misused || error instanceof StartError ? wrongUse : 70;
}
