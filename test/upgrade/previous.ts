import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { createReadStream, readdirSync, readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { constants, createZstdDecompress } from "node:zlib";
import { z } from "zod";
import { databaseUser } from "@/server/embedded-postgres/programs";
import { checkout, isRoot } from "@/server/folders";
import { newDataDirectory } from "../support/launched";

const facts = z.object({
  /** What the fixture was made of; make-fixture.mjs makes another. */
  commit: z.string(),
  /** Of the account whose token is enforced everywhere. */
  owner: z.object({
    email: z.string(),
    password: z.string(),
    seed: z.string(),
    recoveryCodes: z.array(z.string()).length(10),
  }),
  /** Of the account whose token is not enforced. */
  other: z.object({ email: z.string(), password: z.string() }),
  /** Paths of instances: two of the first account, one of the other. */
  night: z.string(),
  morning: z.string(),
  parcels: z.string(),
  token: z.string(),
  /** The token before, which counts until the rotation is finished. */
  old: z.string(),
  parcelsToken: z.string(),
});

/** An installation of the previous version, as it left it. */
export interface PreviousVersion {
  readonly facts: z.output<typeof facts>;
  readonly dataDir: string;
  readonly secret: string;
  /** Its gate, to be started. */
  readonly gate: string;
  remove(): void;
}

/** Unpacks what make-fixture.mjs has kept. */
export async function unpackPrevious(): Promise<PreviousVersion> {
  const { path: folder, remove } = newDataDirectory();
  const tar = spawn("tar", ["-x", "--no-same-owner", "-C", folder], { stdio: ["pipe", "ignore", "inherit"] });
  const ended = once(tar, "close");
  const unzip = createZstdDecompress({ params: { [constants.ZSTD_d_windowLogMax]: 27 } });
  await pipeline(createReadStream(join(import.meta.dirname, "previous.tar.zst")), unzip, tar.stdin);
  const [code] = await ended;
  if (code !== 0) throw new Error("the fixture of the previous version cannot be unpacked");
  const dataDir = join(folder, "data");
  if (isRoot()) {
    const { uid, gid } = databaseUser();
    execFileSync("chown", ["-R", `${uid}:${gid}`, join(dataDir, "postgres")]);
  }
  // Its packages are those of today.
  symlinkSync(join(checkout, "node_modules"), join(folder, "node_modules"));
  return {
    facts: facts.parse(JSON.parse(readFileSync(join(folder, "facts.json"), "utf8"))),
    dataDir,
    secret: readFileSync(join(dataDir, "secret"), "utf8").trim(),
    gate: join(folder, "dist", "gate.js"),
    remove,
  };
}

/** Whether this machine can run it: PostgreSQL's files are of one kind of processor. */
export const canRunPrevious = () =>
  process.platform === "linux" && readdirSync(import.meta.dirname).includes("previous.tar.zst");
