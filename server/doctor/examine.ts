import { existsSync } from "node:fs";
import { join } from "node:path";
import { type Config, settingDefaults } from "@/lib/config";
import { ConfigError } from "@/lib/config/values";
import { type Check, checkOutcomes, type DoctorReport, type Finding, finding } from "@/lib/domain/doctor";
import { includedPostgresMajor } from "../embedded-postgres/programs";
import { checkout, dataDirectory, readKeptSecret } from "../folders";
import { parsedConfig, settingLines, unknownVariables } from "../settings";
import { isStartError, reasonOf } from "../terminal";
import { checkVersions } from "./advisories";
import { lookIntoDatabase } from "./database";
import { checkDisk, checkFolder, checkRights } from "./folder";
import { checkMail, checkSecurityTxt, checkUpstreamClock, type TestMail } from "./outside";

/** How to reach the database; `close` lets go of it. */
interface OpenedDatabase {
  readonly url: string;
  close(): Promise<void>;
}

interface ExamineOptions {
  /** Opens the included database of a data directory. @throws StartError */
  readonly openDatabase: (folder: string) => Promise<OpenedDatabase>;
  readonly testMail?: TestMail;
}

function checkSettings(): Finding {
  const unknown = unknownVariables();
  if (unknown.length === 0) return finding("settings", "valid", { count: settingDefaults.size });
  const names = unknown.map(({ name, meant }) => (meant ? `${name} (${meant}?)` : name));
  return finding("settings", "unknown", { names: names.join(", ") });
}

/** The secret that this Latchkey has; a file that cannot be read is a finding. */
function secretOf(
  config: Config,
  folder: string,
): { readonly value: string | undefined; readonly finding?: Finding } {
  const { LATCHKEY_SECRET: given, LATCHKEY_SECRET_FILE: file } = process.env;
  try {
    if (given || file) return { value: config.secrets()[0] };
    return { value: readKeptSecret(folder, "secret") };
  } catch (error) {
    const reason = error instanceof ConfigError ? error.problems : isStartError(error) && reasonOf(error);
    if (!reason) throw error;
    return { value: undefined, finding: finding("secret", "unread", { reason }) };
  }
}

async function databaseFindings(config: Config, folder: string, options: ExamineOptions) {
  const secret = secretOf(config, folder);
  if (secret.value && !process.env.LATCHKEY_SECRET)
    process.env.LATCHKEY_SECRET_FILE ||= join(folder, "secret");
  let opened: OpenedDatabase | undefined;
  try {
    if (!config.databaseUrl && !existsSync(join(folder, "postgres", "PG_VERSION")))
      return { findings: [finding("database", "none", { path: folder })], upstreams: [] };
    opened = config.databaseUrl
      ? { url: config.databaseUrl, close: async () => {} }
      : await options.openDatabase(folder);
    const looked = await lookIntoDatabase(opened.url, {
      hasSecret: secret.value !== undefined,
      connections: config.databaseConnections,
      trustedProxies: config.trustedProxies,
    });
    const findings = looked.findings.filter(({ check }) => !(secret.finding && check === "secret"));
    return { ...looked, findings: secret.finding ? [...findings, secret.finding] : findings };
  } catch (error) {
    if (!isStartError(error)) throw error;
    return { findings: [finding("database", "away", { reason: reasonOf(error) })], upstreams: [] };
  } finally {
    await opened?.close();
  }
}

const order = Object.keys(checkOutcomes) as Check[];

/**
 * Looks at everything that this Latchkey stands on, and changes nothing. What is wrong is a finding and no error.
 */
export async function examine(options: ExamineOptions): Promise<DoctorReport> {
  const now = new Date();
  const report = (findings: readonly Finding[]): DoctorReport => ({
    checkedAt: now.toISOString(),
    findings: [...findings].sort((a, b) => order.indexOf(a.check) - order.indexOf(b.check)),
    settings: settingLines(),
  });
  const { config, problems } = parsedConfig();
  if (!config)
    return report([
      finding("settings", "invalid", { reason: problems }),
      ...checkVersions(null, { version: undefined, isIncluded: false }, now),
    ]);
  const folder = dataDirectory(config.dataDir);
  const isIncluded =
    !config.databaseUrl ||
    settingLines().some(({ name, source }) => name === "DATABASE_URL" && source === "start");
  // With a database and a secret from elsewhere, nothing is kept on this machine.
  const used = isIncluded || !process.env.LATCHKEY_SECRET || existsSync(folder) ? folder : null;
  const [database, mail] = await Promise.all([
    databaseFindings(config, folder, options),
    checkMail(config.mail, options.testMail ?? null),
  ]);
  const upstreamClock = await checkUpstreamClock(database.upstreams, config.allowPrivateUpstreams);
  return report([
    checkSettings(),
    checkFolder(used, includedPostgresMajor()),
    checkRights(used),
    checkDisk(used ?? checkout),
    ...database.findings,
    upstreamClock,
    mail,
    checkSecurityTxt(config.securityContact, now),
    ...checkVersions(used, { version: database.version, isIncluded }, now),
  ]);
}
