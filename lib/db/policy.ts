import pg, { type QueryConfig } from "pg";
import { answerStyleOf } from "@/lib/domain/answer-style";
import type { Enforcement } from "@/lib/domain/enforcement";
import { type InstancePolicy, knownCallerKey, type PolicyToken, packDigest } from "@/lib/domain/gate";
import { readPolicyKey } from "@/lib/domain/policy-key";
import { addressListOf } from "./addresses";
import { pool } from "./pool";

/** A database that does not answer within this time counts as gone. */
const answerWithinMs = 5000;

// One statement is one snapshot: a policy never mixes the states before and after a change. There is one row for
// each account, because what its instances share would take longer to read than what they have of their own.
// A token whose time is over by the database's clock is retired, and where the time of known callers is, the token is
// enforced, whatever a gate's own clock says. Known callers are looked for in accounts that have such a time only, instance by instance: joined,
// those of a table that was just filled were compared each with each.
// Of the retired tokens the newest are enough to tell a caller that its token was one.
const policiesOfSome = (instances: string) => `
  SELECT a."id", a."epoch", a."addressMode", a."graceUntil", i.instances,
         CASE WHEN a."enforcement" <> 'grace' OR a."graceUntil" > now() THEN a."enforcement" ELSE 'on' END
           AS enforcement,
         CASE WHEN a."enforcement" = 'grace' AND a."graceUntil" > now() THEN (
           SELECT json_agg(json_build_array(k."instanceId", k."address", k."agent"))
             FROM (SELECT e ->> 0 AS id FROM json_array_elements(i.instances) e OFFSET 0) called
            CROSS JOIN LATERAL (SELECT * FROM "KnownCaller"
                                 WHERE "instanceId" = called.id AND "endedAt" IS NULL OFFSET 0) k) END AS known,
         ARRAY(SELECT r."cidr" FROM "AddressRule" r WHERE r."accountId" = a."id" ORDER BY r."cidr") AS cidrs,
         (SELECT coalesce(json_agg(t), '[]'::json)
            FROM (SELECT CASE WHEN "retireAt" <= now() THEN 'retired' ELSE "state" END AS state,
                         encode("digest", 'hex') AS digest, "retireAt"
                    FROM "ClientToken" c WHERE "accountId" = a."id"
                   ORDER BY c."state" = 'retired', "createdAt" DESC LIMIT 20) t) AS tokens
    FROM (SELECT "accountId",
                 json_agg(json_build_array("id", encode("tokenDigest", 'hex'), "pausedAt" IS NOT NULL, "enforced",
                                           "upstreamUrl", "headersSealed", "firstByteSeconds", "serviceId",
                                           "serviceHeadersSealed", "key", "answerStyle",
                                           "endpoints")) AS instances
            FROM (${instances}) called GROUP BY "accountId", part) i
    JOIN "Account" a ON a."id" = i."accountId"`;

// An instance of a service goes where that leads: its key must get nowhere else.
const instances = (key: string, part = "0") => `
  SELECT i."accountId", i."id", i."tokenDigest", i."pausedAt", i."enforced", i."headersSealed", i."serviceId",
         CASE WHEN s."id" IS NULL THEN i."upstreamUrl" ELSE s."upstreamUrl" END AS "upstreamUrl",
         coalesce(i."firstByteSeconds", s."firstByteSeconds") AS "firstByteSeconds",
         coalesce(s."answerStyle", i."answerStyle") AS "answerStyle",
         s."headersSealed" AS "serviceHeadersSealed", ${key} AS "key", ${part} AS part,
         CASE WHEN i."endpointMode" = 'enforce' THEN
           array_to_string(array_prepend(i."endpointKind"::text, i."endpointRules"), E'\\n') END AS "endpoints"
    FROM "Instance" i LEFT JOIN "Service" s ON s."id" = i."serviceId"`;

const named = policiesOfSome(`${instances("NULL")} WHERE i."id" = ANY($1::text[])`);

const givenIds = policiesOfSome(`
  ${instances(`'given:' || i."givenId" || ':' || asked."digests"`)}
    JOIN unnest($1::text[], $2::text[], $3::text[]) AS asked("id", "digests", "digest")
      ON i."givenId" = asked."id" AND i."tokenDigest" = decode(asked."digest", 'hex')`);

const calledBy = `i."serviceId" || ':name:' || i."label"`;

// By pairs of service and name, or of service and credential.
const namedInServices = policiesOfSome(`
  ${instances(calledBy)} JOIN unnest($1::uuid[], $2::text[]) AS asked("of", "name")
      ON i."serviceId" = asked."of" AND i."label" = asked."name"
   UNION ALL
  ${instances(`i."serviceId" || ':digest:' || asked."digests"`)}
    JOIN unnest($3::uuid[], $4::text[], $5::text[]) AS asked("of", "digests", "digest")
      ON i."serviceId" = asked."of" AND i."tokenDigest" = decode(asked."digest", 'hex')`);

const byGivenId = `'given:' || i."givenId" || ':' || encode(i."tokenDigest", 'hex')`;

// Bounded by rows of traffic, so that it costs the same however much of it is remembered. An account with very many
// instances comes in several rows.
const latelyCalled = policiesOfSome(`
  ${instances(`coalesce(${calledBy}, ${byGivenId})`, 'row_number() OVER (PARTITION BY i."accountId") / 1000')}
   WHERE i."id" IN (SELECT "instanceId" FROM "TrafficHour" ORDER BY "hour" DESC LIMIT $1)`);

interface AccountRow {
  id: string;
  /** bigint as text, as node-postgres gives it. */
  epoch: string;
  enforcement: Enforcement;
  addressMode: InstancePolicy["addressMode"];
  graceUntil: Date | null;
  /** Instance, address and program of each; null without any. */
  known: [instanceId: string, address: string, agent: string][] | null;
  cidrs: string[];
  tokens: { state: PolicyToken["state"]; digest: string; retireAt: string | null }[];
  instances: InstanceRow[];
}

type InstanceRow = [
  id: string,
  digest: string,
  paused: boolean,
  enforced: boolean,
  upstreamUrl: string | null,
  headersSealed: string | null,
  firstByteSeconds: number | null,
  serviceId: string | null,
  serviceHeadersSealed: string | null,
  /** null: its id. */
  key: string | null,
  answerStyle: string,
  /** As `packEndpointRules` writes them. */
  endpoints: string | null,
];

/** A small Buffer keeps alive the 8 KiB that it was cut from, together with whatever passed through them. */
function own(digest: Buffer): Uint8Array {
  return new Uint8Array(digest);
}

/** Known callers by instance; null where nobody is. */
function knownByInstance(rows: AccountRow["known"]): ReadonlyMap<string, ReadonlySet<string>> | null {
  if (rows === null) return null;
  const found = new Map<string, Set<string>>();
  for (const [instanceId, address, agent] of rows) {
    const key = knownCallerKey(address, agent);
    const keys = found.get(instanceId);
    if (keys) keys.add(key);
    else found.set(instanceId, new Set([key]));
  }
  return found;
}

function policiesOf({ id, epoch: text, enforcement, addressMode, ...row }: AccountRow): InstancePolicy[] {
  const { graceUntil } = row;
  const known = knownByInstance(row.known);
  const epoch = BigInt(text);
  const addresses = addressListOf(id, row.cidrs);
  const tokens = row.tokens.map(({ state, digest, retireAt }) => ({
    state,
    digest: own(Buffer.from(digest, "hex")),
    retireAt: retireAt === null ? null : new Date(retireAt),
  }));
  // Written out: a spread would take most of the time of reading many.
  return row.instances.map(
    ([instanceId, digest, paused, enforced, upstreamUrl, headersSealed, firstByteSeconds, ...service]) => ({
      key: service[2] ?? instanceId,
      instanceId,
      accountId: id,
      tokenDigest: packDigest(Buffer.from(digest, "hex")),
      paused,
      enforcement,
      enforced,
      graceUntil,
      known: enforced ? null : (known?.get(instanceId) ?? null),
      addressMode,
      addresses,
      tokens,
      endpoints: service[4],
      upstreamUrl,
      headersSealed,
      firstByteSeconds,
      serviceId: service[0],
      serviceHeadersSealed: service[1],
      answerStyle: answerStyleOf(service[3]),
      epoch,
    }),
  );
}

/** What was read of some instances. */
export interface PoliciesRead {
  /** By what they were looked up by. */
  readonly policies: ReadonlyMap<string, InstancePolicy>;
  /** Those of which what is stored cannot be used, and why: it harms those of no other account. */
  readonly unusable: ReadonlyMap<string, unknown>;
}

const eachDigest = (joined: string): readonly string[] => joined.match(/.{64}/g) ?? [];

async function rowsFor(keys: readonly string[]): Promise<AccountRow[]> {
  const read = keys.map(readPolicyKey);
  const ids = read.flatMap((key) => (key.kind === "instance" ? [key.id] : []));
  const within = (kind: "name" | "digest") => read.flatMap((key) => (key.kind === kind ? [key] : []));
  const names = within("name");
  // A credential is looked up under each key that its digest may be kept under.
  const digests = within("digest").flatMap((key) =>
    eachDigest(key.value).map((digest) => ({ ...key, digest })),
  );
  const given = read.flatMap((key) =>
    key.kind === "given" ? eachDigest(key.digest).map((digest) => [key.id, key.digest, digest]) : [],
  );
  const columns = [
    names.map(({ serviceId }) => serviceId),
    names.map(({ value }) => value),
    digests.map(({ serviceId }) => serviceId),
    digests.map(({ value }) => value),
    digests.map(({ digest }) => digest),
  ];
  const ask = async (name: string, text: string, values: readonly unknown[]) => {
    const query: QueryConfig & { readonly query_timeout: number } = {
      name: `latchkey-policies${name}`,
      text,
      values: [...values],
      query_timeout: answerWithinMs,
    };
    return (await pool().query<AccountRow>(query)).rows;
  };
  const rows = await Promise.all([
    ids.length > 0 ? ask("", named, [ids]) : [],
    names.length + digests.length > 0 ? ask("-in-services", namedInServices, columns) : [],
    given.length > 0
      ? ask(
          "-given",
          givenIds,
          [0, 1, 2].map((column) => given.map((row) => row[column])),
        )
      : [],
  ]);
  return rows.flat();
}

/**
 * Everything that decisions about some instances depend on, each read from one snapshot. Instances that do not exist are
 * in neither part of the answer.
 *
 * @param keys ids of instances, or keys of `policy-key.ts`
 * @throws Error when the database cannot be read
 */
export async function readPolicies(keys: readonly string[]): Promise<PoliciesRead> {
  const policies = new Map<string, InstancePolicy>();
  const unusable = new Map<string, unknown>();
  for (const row of await rowsFor(keys)) {
    try {
      for (const policy of policiesOf(row)) policies.set(policy.key, policy);
    } catch (error) {
      for (const { 0: instanceId, 9: key } of row.instances) unusable.set(key ?? instanceId, error);
    }
  }
  return { policies, unusable };
}

/**
 * Everything a decision about one instance depends on, read in one round trip.
 *
 * @returns null when there is no such instance
 * @throws Error when the database cannot be read, or holds an address rule that is none
 */
export async function readPolicy(instanceId: string): Promise<InstancePolicy | null> {
  const { policies, unusable } = await readPolicies([instanceId]);
  if (unusable.has(instanceId)) throw unusable.get(instanceId);
  return policies.get(instanceId) ?? null;
}

/** Whether any instance was called, as far as traffic is remembered. @throws Error when the database cannot be read */
export async function wereCalled(): Promise<boolean> {
  const text = 'SELECT FROM "TrafficHour" LIMIT 1';
  const query: QueryConfig & { readonly query_timeout: number } = { text, query_timeout: answerWithinMs };
  return (await pool().query(query)).rowCount === 1;
}

/**
 * Reads the policies of the instances that were called last, by the newest hours of traffic, in one statement and from
 * one snapshot, and gives them to `take` as they arrive. Those that cannot be used are left out.
 *
 * @param most how many at most; fewer where calls to one ended in several ways
 * @param signal ends it early
 * @throws Error when the database cannot be read, or it was ended early
 */
export async function readLatelyCalled(
  most: number,
  take: (policies: readonly InstancePolicy[]) => void,
  signal: AbortSignal,
): Promise<void> {
  const client = await pool().connect();
  try {
    signal.throwIfAborted();
    await new Promise<void>((resolve, reject) => {
      const query = new pg.Query<AccountRow>(latelyCalled, [most]);
      query.on("row", (row) => {
        if (signal.aborted) return;
        try {
          take(policiesOf(row));
        } catch {
          // Whoever asks for one of them hears what is wrong.
        }
      });
      query.on("error", reject);
      query.on("end", () => resolve());
      signal.addEventListener("abort", () => reject(signal.reason), { once: true });
      client.query(query);
    });
    client.release();
  } catch (error) {
    // It may still be sending.
    client.release(true);
    throw error;
  }
}
