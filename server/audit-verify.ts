import { createReadStream } from "node:fs";
import { readFile } from "node:fs/promises";
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
import { defineCommand, type ExitCode, Refusal, UsageError } from "./command";
import { typedPath } from "./command-line";
import { codeOf } from "./terminal";
import { words } from "./words";

const exitCodes: Readonly<Record<AuditVerdict["result"], ExitCode>> = { proven: 0, broken: 1, unproven: 4 };

async function readable<T>(path: string, read: (path: string) => Promise<T>): Promise<T> {
  try {
    return await read(typedPath(path));
  } catch (error) {
    const code = codeOf(error);
    if (code === "") throw error;
    throw new Refusal(words("error.unreadable", { file: path, code }));
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
  if (keys.length === 0) throw new Refusal(words("verify.noKey", { file: path }));
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
  if (!kept) throw new Refusal(words("verify.noCheckpoint", { file: path }));
  if (keys.length > 0 && !keys.some((key) => isSignedBy(key, signedText(kept), kept.signature))) {
    throw new Refusal(words("verify.otherKey", { file: path }));
  }
  return kept;
}

/** `latchkey audit-verify` */
export const command = defineCommand({
  name: "audit-verify",
  operands: "FILE",
  options: { key: { type: "string", value: "FILE" }, checkpoint: { type: "string", value: "FILE" } },
  json: true,
  async run({ options, operands: [file, ...more], result }) {
    if (file === undefined || more.length > 0) throw new UsageError(words("verify.oneFile"));
    const keys = await keysOf(options.key);
    const kept = await keptOf(options.checkpoint, keys);
    const verification = new AuditVerification({ keys, ...(kept && { kept }) });
    await readable(file, async (path) => {
      for await (const { text, ended } of exportLines(createReadStream(path))) verification.take(text, ended);
    });
    const verdict = verification.end();
    result(verdict, verdictText(verdict));
    return exitCodes[verdict.result];
  },
});
