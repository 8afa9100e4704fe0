import { randomUUID } from "node:crypto";
import type { Client } from "pg";
import { seedAccount, seedInstances, seedService } from "../database";

/** How much the account has whose pages are measured. */
interface AccountSize {
  readonly instances: number;
  readonly callers: number;
}

/** An account that is full, and what of it has a page of its own. */
export interface FullAccount {
  readonly accountId: string;
  readonly instanceId: string;
  readonly serviceId: string;
}

/** What callers send, in turn, and what becomes of it. */
const sent = [
  { token: "current", outcome: "accepted" },
  { token: "missing", outcome: "accepted" },
  { token: "unknown", outcome: "accepted" },
  { token: "missing", outcome: "missing" },
] as const;

/** Hours back from now in which each caller called, and events that the trail has. */
const hours = 72;
const events = 5000;
const members = 30;
const addresses = 50;

/** One caller for each number, spread over the instances and over some hundreds of programs. */
const callers = `
  insert into "Caller" ("id", "accountId", "instanceId", "address", "agent", "userAgent", "firstSeenAt", "lastSeenAt",
         "lastMethod", "lastPath", "lastOutcome", "lastToken", "acceptedAt", "rejectedAt", "liveAt", "notLiveAt")
  select gen_random_uuid(), $1, i."id", '203.0.' || n / 250 || '.' || n % 250, 'program-' || n % 400,
         'program-' || n % 400 || '/1.0 (bench)', now() - interval '30 days', now() - n % 600 * interval '1 minute',
         'POST', '/messages/{id}', s."outcome", s."token", now() - interval '1 day',
         case when s."outcome" <> 'accepted' then now() - n % 600 * interval '1 minute' end,
         case when s."token" = 'current' then now() - n % 600 * interval '1 minute' end,
         case when s."token" <> 'current' then now() - n % 600 * interval '1 minute' end
    from generate_series(0, $2::int - 1) n
    join (select "id", row_number() over (order by "id") - 1 as "at" from "Instance" where "accountId" = $1) i
      on i."at" = n * 2 % $3::int
    join unnest($4::text[], $5::text[]) with ordinality s("token", "outcome", "at") on s."at" = n % 4 + 1`;

const callerHours = `
  insert into "CallerHour" ("callerId", "hour", "outcome", "token", "requests")
  select "id", date_trunc('hour', now(), 'UTC') - h * interval '1 hour', "lastOutcome", "lastToken", 1 + h % 9
    from "Caller", generate_series(0, $1::int - 1) h`;

const trafficHours = `
  insert into "TrafficHour" ("instanceId", "hour", "outcome", "token", "requests")
  select c."instanceId", h."hour", h."outcome", h."token", sum(h."requests")
    from "CallerHour" h join "Caller" c on c."id" = h."callerId" group by 1, 2, 3, 4`;

const endpoints = `
  insert into "CallerEndpoint" ("callerId", "method", "path", "accepted", "rejected", "lastAt")
  select "id", 'POST', '/endpoint-' || e || '/{id}', 10, 0, now() from "Caller", generate_series(1, 5) e`;

// Pages show the trail as it is kept; whoever checks its chain is another measurement.
const trail = `
  insert into "AuditEvent" ("accountId", "seq", "at", "action", "actorLabel", "targetType", "targetId", "targetLabel",
         "address", "userAgent", "details", "prevHash", "hash")
  select $1, n, now() - ($2::int - n) * interval '1 minute', 'instance.renamed', 'member' || n % ${members} || '@example.com',
         'instance', 'none', 'Night orders', '203.0.113.9', 'bench', '{"from": "Orders", "to": "Night orders"}',
         md5(n::text) || md5(n::text), md5((n + 1)::text) || md5((n + 1)::text)
    from generate_series(1, $2::int) n`;

const people = `
  with made as (
    insert into "User" ("id", "email", "passwordHash")
    select gen_random_uuid(), 'member' || n || '@example.com', '' from generate_series(1, ${members}) n returning "id")
  insert into "Membership" ("userId", "accountId", "role") select "id", $1, 'viewer' from made`;

const rules = `
  insert into "AddressRule" ("id", "accountId", "cidr", "note")
  select gen_random_uuid(), $1, '198.51.100.' || n || '/32', 'Office ' || n from generate_series(1, ${addresses}) n`;

/**
 * Fills an account: its token is enforced on a third of its instances since two hours ago, so the Security page has all to
 * show that it can; a fifth of the instances are of one service.
 */
export async function seedFullAccount(client: Client, { instances, callers: callerCount }: AccountSize) {
  const account = await seedAccount(client);
  const { accountId } = account;
  const ofService = Math.floor(instances / 5);
  const upstreamUrl = "https://upstream.example";
  await seedInstances(client, [account], { count: instances - ofService, hot: 0, upstreamUrl });
  const service = { host: "api.bench.example", upstreamUrl, route: "/i/{name}", count: ofService };
  await seedService(client, account, service);
  await client.query(
    `update "Account" set "enforcement" = 'staged', "activatedAt" = now() - interval '2 hours', "isFirst" = true,
            "addressMode" = 'observe', "auditSeq" = $2 where "id" = $1`,
    [accountId, events],
  );
  await client.query(
    `update "ClientToken" set "createdAt" = now() - interval '20 days' where "accountId" = $1`,
    [accountId],
  );
  await client.query(`update "Instance" set "enforced" = hashtext("id") % 3 = 0 where "accountId" = $1`, [
    accountId,
  ]);
  await client.query(callers, [
    accountId,
    callerCount,
    instances,
    sent.map(({ token }) => token),
    sent.map(({ outcome }) => outcome),
  ]);
  await client.query(callerHours, [hours]);
  for (const statement of [trafficHours, endpoints]) await client.query(statement);
  await client.query(trail, [accountId, events]);
  for (const statement of [people, rules]) await client.query(statement, [accountId]);
  await client.query("vacuum analyze");
  const { rows } = await client.query<Omit<FullAccount, "accountId">>(
    `select c."instanceId", (select "id" from "Service") as "serviceId" from "Caller" c limit 1`,
  );
  const [found = { instanceId: randomUUID(), serviceId: randomUUID() }] = rows;
  return { accountId, ...found } satisfies FullAccount;
}
