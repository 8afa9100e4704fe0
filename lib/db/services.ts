import { type AnswerStyle, answerStyleOf } from "@/lib/domain/answer-style";
import { routesOf, type WrittenRoute } from "@/lib/domain/preset";
import type { ServiceNaming, ServiceRoute } from "@/lib/domain/service";
import { pool } from "./pool";

/** A service as gates know it: by itself it lets nobody in. */
export interface DirectoryService extends ServiceNaming {
  readonly accountId: string;
  /** null: the built-in echo answers. */
  readonly upstreamUrl: string | null;
  readonly firstByteSeconds: number | null;
  /** In which words requests for nobody under its hosts are rejected. */
  readonly answerStyle: AnswerStyle;
}

type InstanceHost = readonly [name: string, instanceId: string, serviceId: string | null];

/** The host names of one account, and what they stand for, at one epoch. */
export interface DirectoryPart {
  readonly accountId: string;
  readonly epoch: bigint;
  readonly services: readonly DirectoryService[];
  /** Names that belong to one instance each, and the service that it is called through. */
  readonly instanceHosts: readonly InstanceHost[];
}

const parts = `
  SELECT a."id", a."epoch",
         (SELECT coalesce(json_agg(json_build_object(
                   'id', s."id", 'upstreamUrl', s."upstreamUrl", 'firstByteSeconds', s."firstByteSeconds",
                   'routes', s."routes", 'strayParameters', s."strayParameters", 'tokenHeader', s."tokenHeader",
                   'answerStyle', s."answerStyle",
                   'hosts', ARRAY(SELECT h."name" FROM "HostName" h WHERE h."serviceId" = s."id" ORDER BY 1))
                 ORDER BY s."id"), '[]'::json)
            FROM "Service" s WHERE s."accountId" = a."id") AS services,
         (SELECT coalesce(json_agg(json_build_array(h."name", i."id", i."serviceId") ORDER BY h."name"), '[]'::json)
            FROM "HostName" h JOIN "Instance" i ON i."id" = h."instanceId" WHERE h."accountId" = a."id") AS hosts
    FROM "Account" a WHERE a."id" = ANY($1::uuid[])`;

interface PartRow {
  id: string;
  /** bigint as text, as node-postgres gives it. */
  epoch: string;
  services: (Omit<DirectoryService, "routes" | "accountId"> & { routes: WrittenRoute[] })[];
  hosts: InstanceHost[];
}

/** What is stored and cannot be understood names nobody. */
function storedRoutes(routes: readonly WrittenRoute[]): ServiceRoute[] {
  try {
    return routesOf({ routes });
  } catch {
    return [];
  }
}

/**
 * The host names of some accounts, each from one snapshot; one part for each account that exists.
 *
 * @throws Error when the database cannot be read
 */
export async function readDirectoryParts(accountIds: readonly string[]): Promise<DirectoryPart[]> {
  const { rows } = await pool().query<PartRow>({
    name: "latchkey-directory",
    text: parts,
    values: [[...accountIds]],
  });
  return rows.map(({ id, epoch, services, hosts }) => ({
    accountId: id,
    epoch: BigInt(epoch),
    services: services.map((service) => ({
      ...service,
      accountId: id,
      answerStyle: answerStyleOf(service.answerStyle),
      routes: storedRoutes(service.routes),
    })),
    instanceHosts: hosts,
  }));
}

/**
 * The epochs of all accounts that have a host name or a service, or of the one that has this host name.
 *
 * @throws Error when the database cannot be read
 */
export async function readDirectoryEpochs(host: string | null = null): Promise<ReadonlyMap<string, bigint>> {
  if (host !== null)
    return epochsOf(
      `SELECT a."id", a."epoch" FROM "Account" a
      JOIN "HostName" h ON h."accountId" = a."id" WHERE h."name" = $1`,
      [host],
    );
  return epochsOf(
    `SELECT "id", "epoch" FROM "Account" a
      WHERE EXISTS (SELECT FROM "HostName" h WHERE h."accountId" = a."id")
         OR EXISTS (SELECT FROM "Service" s WHERE s."accountId" = a."id")`,
    [],
  );
}

async function epochsOf(text: string, values: string[]): Promise<ReadonlyMap<string, bigint>> {
  const { rows } = await pool().query<{ id: string; epoch: string }>(text, values);
  return new Map(rows.map(({ id, epoch }) => [id, BigInt(epoch)]));
}
