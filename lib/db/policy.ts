import { compileAddressList } from "@/lib/domain/address-list";
import type { Enforcement } from "@/lib/domain/enforcement";
import type { InstancePolicy, PolicyToken } from "@/lib/domain/gate";
import { pool } from "./pool";

interface PolicyRow {
  accountId: string;
  tokenDigest: Buffer;
  paused: boolean;
  enforced: boolean;
  upstreamUrl: string | null;
  headersSealed: string | null;
  enforcement: Enforcement;
  addressMode: InstancePolicy["addressMode"];
  /** bigint as text, as node-postgres gives it. */
  epoch: string;
  cidrs: string[];
  tokens: { state: PolicyToken["state"]; digest: string; retireAt: string | null }[];
}

// One statement is one snapshot: a policy never mixes the states before and after a change.
// Of the retired tokens the newest are enough to tell a caller that its token was one.
const statement = `
  SELECT i."accountId", i."tokenDigest", i."pausedAt" IS NOT NULL AS paused, i."enforced",
         i."upstreamUrl", i."headersSealed", a."enforcement", a."addressMode", a."epoch",
         ARRAY(SELECT r."cidr" FROM "AddressRule" r WHERE r."accountId" = a."id") AS cidrs,
         (SELECT coalesce(json_agg(t), '[]'::json)
            FROM (SELECT "state", encode("digest", 'hex') AS digest, "retireAt"
                    FROM "ClientToken" WHERE "accountId" = a."id"
                   ORDER BY "state" = 'retired', "createdAt" DESC LIMIT 20) t) AS tokens
    FROM "Instance" i JOIN "Account" a ON a."id" = i."accountId"
   WHERE i."id" = $1`;

/**
 * Everything a decision about one instance depends on, read in one round trip.
 *
 * @returns null when there is no such instance
 * @throws Error when the database cannot be read, or holds an address rule that is none
 */
export async function readPolicy(instanceId: string): Promise<InstancePolicy | null> {
  const { rows } = await pool().query<PolicyRow>(statement, [instanceId]);
  const [row] = rows;
  if (!row) return null;
  const { cidrs, tokens, epoch, ...rest } = row;
  return {
    ...rest,
    instanceId,
    epoch: BigInt(epoch),
    addresses: compileAddressList(cidrs),
    tokens: tokens.map(({ state, digest, retireAt }) => ({
      state,
      digest: Buffer.from(digest, "hex"),
      retireAt: retireAt === null ? null : new Date(retireAt),
    })),
  };
}
