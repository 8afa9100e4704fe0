import type { QueryConfig } from "pg";
import type { Enforcement } from "@/lib/domain/enforcement";
import { type InstancePolicy, type PolicyToken, packDigest } from "@/lib/domain/gate";
import { addressListOf } from "./addresses";
import { pool } from "./pool";

/** A database that does not answer within this time counts as gone. */
const answerWithinMs = 5000;

interface PolicyRow {
  instanceId: string;
  accountId: string;
  tokenDigest: Buffer;
  paused: boolean;
  enforced: boolean;
  upstreamUrl: string | null;
  headersSealed: string | null;
  firstByteSeconds: number | null;
  enforcement: Enforcement;
  addressMode: InstancePolicy["addressMode"];
  /** bigint as text, as node-postgres gives it. */
  epoch: string;
  cidrs: string[];
  tokens: { state: PolicyToken["state"]; digest: string; retireAt: string | null }[];
}

// One statement is one snapshot: a policy never mixes the states before and after a change.
// A token whose time is over by the database's clock is retired, whatever a gate's own clock says.
// Of the retired tokens the newest are enough to tell a caller that its token was one.
const statement = `
  SELECT i."id" AS "instanceId", i."accountId", i."tokenDigest", i."pausedAt" IS NOT NULL AS paused, i."enforced",
         i."upstreamUrl", i."headersSealed", i."firstByteSeconds", a."enforcement", a."addressMode", a."epoch",
         ARRAY(SELECT r."cidr" FROM "AddressRule" r WHERE r."accountId" = a."id"
                ORDER BY r."cidr") AS cidrs,
         (SELECT coalesce(json_agg(t), '[]'::json)
            FROM (SELECT CASE WHEN "retireAt" <= now() THEN 'retired' ELSE "state" END AS state,
                         encode("digest", 'hex') AS digest, "retireAt"
                    FROM "ClientToken" c WHERE "accountId" = a."id"
                   ORDER BY c."state" = 'retired', "createdAt" DESC LIMIT 20) t) AS tokens
    FROM "Instance" i JOIN "Account" a ON a."id" = i."accountId"
   WHERE i."id" = ANY($1::text[])`;

/** A small Buffer keeps alive the 8 KiB that it was cut from, together with whatever passed through them. */
function own(digest: Buffer): Uint8Array {
  return new Uint8Array(digest);
}

function policyOf({ cidrs, tokens, epoch, tokenDigest, ...rest }: PolicyRow): InstancePolicy {
  return {
    ...rest,
    tokenDigest: packDigest(tokenDigest),
    epoch: BigInt(epoch),
    addresses: addressListOf(rest.accountId, cidrs),
    tokens: tokens.map(({ state, digest, retireAt }) => ({
      state,
      digest: own(Buffer.from(digest, "hex")),
      retireAt: retireAt === null ? null : new Date(retireAt),
    })),
  };
}

/** What was read about one instance; a function, so that what is wrong with one harms no other. */
export type PolicyReading = () => InstancePolicy;

/**
 * Everything that decisions about some instances depend on, read in one round trip from one snapshot.
 *
 * @returns one entry for each instance that exists; it throws when what is stored cannot be used
 * @throws Error when the database cannot be read
 */
export async function readPolicies(
  instanceIds: readonly string[],
): Promise<ReadonlyMap<string, PolicyReading>> {
  const query: QueryConfig & { readonly query_timeout: number } = {
    name: "latchkey-policies",
    text: statement,
    values: [instanceIds],
    query_timeout: answerWithinMs,
  };
  const { rows } = await pool().query<PolicyRow>(query);
  return new Map(rows.map((row) => [row.instanceId, () => policyOf(row)]));
}

/**
 * Everything a decision about one instance depends on, read in one round trip.
 *
 * @returns null when there is no such instance
 * @throws Error when the database cannot be read, or holds an address rule that is none
 */
export async function readPolicy(instanceId: string): Promise<InstancePolicy | null> {
  return (await readPolicies([instanceId])).get(instanceId)?.() ?? null;
}
