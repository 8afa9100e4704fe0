import { randomUUID } from "node:crypto";
import type pg from "pg";
import { seal } from "@/lib/crypto/sealed-box";
import type { AnswerStyle } from "@/lib/domain/answer-style";
import { asksForAnother } from "@/lib/domain/endpoint";
import { readPolicyKey } from "@/lib/domain/policy-key";
import { type PresetId, presets, routesOf } from "@/lib/domain/preset";
import { plainSegments } from "@/lib/domain/route-template";
import { HostDirectory } from "@/lib/gate/policy/host-directory";
import { type ConformanceCase, type Door, type Expectation, type HeaderLine, rejected } from "./case";
import type { LiveWorld } from "./live-world";
import { raiseEpochOf } from "./seed";
import { conformanceTable } from "./table";
import { type InstanceName, type InstanceSpec, instances, upstreamUrlOf, type World } from "./world";

const names = Object.keys(instances) as InstanceName[];
const routes = [{ template: "/s/{instance}/{*}" }];
const labelOf = (name: InstanceName) => name.replaceAll(/\W/g, "-");

/** In which way the requests of the table name an instance, besides the contract's own path. */
export interface Naming {
  readonly kind: "host" | "route";
  /** What stands in the place of the contract's base. */
  readonly prefixOf: (name: InstanceName) => string;
  readonly hostOf: (name: InstanceName) => string;
  /** The instance that a policy is looked up for; undefined for a name of nobody. */
  readonly idOf: (key: string, world: World) => string | undefined;
  readonly serviceIdOf: (instanceId: string, world: World) => string | null;
  /** What a gate knows of it, without a database. */
  readonly directory: (world: World, upstream: string, style?: AnswerStyle) => Promise<HostDirectory>;
  /** Puts it into the database. */
  readonly seed: (client: pg.Client, world: World, upstream: string, style: AnswerStyle) => Promise<void>;
}

/** Makes host names that nobody else has: of each instance, or of a service for each. */
export function newNaming(kind: Naming["kind"]): Naming {
  const domain = `${randomUUID()}.example.com`;
  const services = new Map(names.map((name) => [name, randomUUID()] as const));
  const hostOf = (name: InstanceName) => `${labelOf(name)}.${domain}`;
  const nameOf = (id: string, world: World) => names.find((each) => world.idOf(each) === id);
  const serviceOf = (name: InstanceName) => services.get(name) ?? "";
  const firstByteOf = (name: InstanceName) => (instances[name] as InstanceSpec).firstByteSeconds ?? null;
  return {
    kind,
    hostOf,
    prefixOf: (name) => (kind === "host" ? "" : `/s/${labelOf(name)}`),
    idOf(key, world) {
      const read = readPolicyKey(key);
      if (read.kind === "instance") return read.id;
      // No instance of these worlds was given an id.
      if (read.kind === "given") return undefined;
      const name = names.find((each) => serviceOf(each) === read.serviceId && labelOf(each) === read.value);
      return name && world.idOf(name);
    },
    serviceIdOf(id, world) {
      const name = kind === "route" ? nameOf(id, world) : undefined;
      return name ? serviceOf(name) : null;
    },
    async directory(world, upstream, answerStyle = "documented") {
      const part = (name: InstanceName) => ({
        accountId: name,
        epoch: 1n,
        instanceHosts: kind === "host" ? [[hostOf(name), world.idOf(name), null] as const] : [],
        services:
          kind === "host"
            ? []
            : [
                {
                  id: serviceOf(name),
                  accountId: name,
                  hosts: [hostOf(name)],
                  routes: routesOf({ routes }),
                  strayParameters: [],
                  tokenHeader: null,
                  upstreamUrl: upstreamUrlOf(instances[name].behind, upstream),
                  firstByteSeconds: null,
                  answerStyle,
                },
              ],
      });
      const directory = new HostDirectory({
        domain: null,
        ownNames: new Set(),
        readEpochs: async () => new Map(names.map((name) => [name, 1n])),
        readParts: async (ids) => names.filter((name) => ids.includes(name)).map(part),
      });
      await directory.compare();
      return directory;
    },
    async seed(client, world, upstream, style) {
      for (const name of names)
        await raiseEpochOf(client, world.idOf(name), async (accountId) => {
          const owner = kind === "host" ? world.idOf(name) : serviceOf(name);
          if (kind === "route") {
            await client.query(
              `INSERT INTO "Service" ("id", "accountId", "name", "preset", "upstreamUrl", "firstByteSeconds", "routes",
                                      "answerStyle", "updatedAt")
               VALUES ($1, $2, $3, 'any', $4, $5, $6, $7::"AnswerStyle", now())`,
              [
                owner,
                accountId,
                name,
                upstreamUrlOf(instances[name].behind, upstream),
                firstByteOf(name),
                JSON.stringify(routes),
                style,
              ],
            );
          }
          const [service, label] = kind === "host" ? [null, null] : [owner, labelOf(name)];
          const own = kind === "host" ? style : "documented";
          await client.query(
            `UPDATE "Instance" SET "serviceId" = $2, "label" = $3, "answerStyle" = $4::"AnswerStyle" WHERE "id" = $1`,
            [world.idOf(name), service, label, own],
          );
          await client.query(
            `INSERT INTO "HostName" ("name", "accountId", "${kind === "host" ? "instanceId" : "serviceId"}")
             VALUES ($1, $2, $3)`,
            [hostOf(name), accountId, owner],
          );
        });
    },
  };
}

/** Makes a service by a preset, of the account that an instance belongs to, to which the instance then belongs. */
export async function addPresetService(
  client: pg.Client,
  { world, upstream }: LiveWorld,
  given: {
    readonly of: InstanceName;
    readonly preset: PresetId;
    readonly label: string | null;
    readonly host: string;
  },
): Promise<void> {
  const { of, preset, label, host } = given;
  const { routes, strayParameters } = presets[preset];
  const id = randomUUID();
  const headers = seal(JSON.stringify([["apikey", "global-key"]]), `service:${id}:headers`);
  await raiseEpochOf(client, world.idOf(of), async (accountId) => {
    await client.query(
      `INSERT INTO "Service" ("id", "accountId", "name", "preset", "upstreamUrl", "headersSealed", "routes",
                              "strayParameters", "tokenHeader", "updatedAt")
       VALUES ($1, $2, $3, $3, $4, $5, $6, $7, 'apikey', now())`,
      [id, accountId, preset, upstream, headers, JSON.stringify(routes), strayParameters],
    );
    await client.query(`INSERT INTO "HostName" ("name", "accountId", "serviceId") VALUES ($1, $2, $3)`, [
      host,
      accountId,
      id,
    ]);
    await client.query(`UPDATE "Instance" SET "serviceId" = $1, "label" = $2 WHERE "id" = $3`, [
      id,
      label,
      world.idOf(of),
    ]);
  });
}

/** The door, called by that naming. */
export function namedDoor(door: Door, naming: Naming): Door {
  return {
    ...door,
    run: (entry, canned) => {
      const headers: HeaderLine[] = [["Host", naming.hostOf(entry.instance)], ...(entry.headers ?? [])];
      return door.run({ ...entry, headers }, canned);
    },
  };
}

/** The world as the requests of a naming write its paths. */
export const namedWorld = (world: World, { prefixOf }: Naming): World => ({ ...world, baseOf: prefixOf });

/** Cases about the credential that the contract's path has, or about what goes with a request that brings it. */
const aboutTheCredential =
  /own header|stored|instance token|another (?:instance|account's (?:id|token))|unopenable|broken|in the id|the id is|own value/i;

/** Cases of an origin that the dashboard is on too, and of URLs that need no words of their own on one's own host. */
const aboutTheSharedOrigin =
  /cookie|sandbox|shared|dashboard|origin|script|sniff|climb out of the instance$|a refresh stays|raw NUL/i;

/** The lines of the table that hold for a naming as well. */
export function casesFor(kind: Naming["kind"]): readonly ConformanceCase[] {
  return conformanceTable.filter(({ name, target, headers = [], instance, expect }) => {
    if (!target.startsWith("{base}/") || aboutTheCredential.test(name)) return false;
    if (aboutTheSharedOrigin.test(name)) return false;
    if (headers.some(([field]) => /^(?:host|x-forwarded-host)$/i.test(field))) return false;
    const said = JSON.stringify([headers, expect]);
    if (/\{(?:id|token|other id|other token)\}/.test(said) || instance === "unopenable") return false;
    if (/"content-security-policy"|allow-credentials/.test(said)) return false;
    // Under a route, the path that the upstream gets is all of it.
    return kind === "host" || !(expect.forwarded?.target || expect.json || said.includes("{base}"));
  });
}

/** Under a service's host, what could be read in two ways names nobody. */
const nothing = rejected(404, "Not found", "not_found");

const aboutTheToken = [
  ...["missing", "malformed", "unknown", "retired", "instance_token", "duplicate", "placeholder"],
];

function inStyle(
  { target, headers = [] }: Pick<ConformanceCase, "target" | "headers">,
  expected: Expectation,
  style: AnswerStyle,
  ofService: boolean,
): Expectation {
  const { reason = "" } = expected;
  const [path = "", query = ""] = target.replace("{base}", "").split("?");
  const lines = headers.flatMap(([name, value]) => [name.toLowerCase(), value]);
  const isOther = asksForAnother({ headers: lines, query: `?${query}` });
  const isUnclear = reason === "endpoint" && (plainSegments(path) === null || isOther);
  if (ofService && (reason === "invalid_path" || isUnclear)) return nothing;
  if (style === "unauthorized" && aboutTheToken.includes(reason)) {
    const headers = { ...expected.headers, "www-authenticate": 'Client-Token realm="Latchkey"' };
    return { ...expected, status: 401, headers };
  }
  if (style === "z_api" && reason === "missing") {
    const error = expected.error === undefined ? {} : { error: "your client-token is not configured" };
    return { ...expected, status: 400, ...error };
  }
  if (style === "z_api" && reason === "unknown_instance" && ofService) return { ...expected, status: 400 };
  return expected;
}

/** A line of the table, as it is answered in a style. */
export function caseInStyle(entry: ConformanceCase, style: AnswerStyle, ofService: boolean): ConformanceCase {
  const { expect, nodeServer, routeHandler } = entry;
  const told = (deviation: NonNullable<typeof nodeServer>) => ({
    ...deviation,
    expect: inStyle(entry, deviation.expect, style, ofService),
  });
  return {
    ...entry,
    expect: inStyle(entry, expect, style, ofService),
    ...(nodeServer && { nodeServer: told(nodeServer) }),
    ...(routeHandler && { routeHandler: told(routeHandler) }),
  };
}
