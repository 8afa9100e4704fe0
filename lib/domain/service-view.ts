import type { AnswerStyle } from "./answer-style";
import type { WrittenRoute } from "./preset";
import { names, parseRouteTemplate } from "./route-template";

/** What is shown of a service in a list. No secret in it. */
export interface ServiceView {
  readonly id: string;
  readonly name: string;
  /** What it was made from. */
  readonly preset: string;
  /** null: the built-in echo answers. */
  readonly upstreamUrl: string | null;
  readonly hosts: readonly string[];
  readonly routes: readonly WrittenRoute[];
  readonly strayParameters: readonly string[];
  readonly tokenHeader: string | null;
  /** In which words it rejects callers. */
  readonly answerStyle: AnswerStyle;
  /** Names of the request headers added for callers that have proven themselves; their values stay sealed. */
  readonly headerNames: readonly string[];
  readonly firstByteSeconds: number | null;
  /** How many instances are called through it. */
  readonly instances: number;
  readonly createdAt: Date;
}

/** An instance that is called through a service. */
export interface ServiceInstance {
  readonly id: string;
  readonly name: string;
  /** What requests to the service call it; null: they name it by its credential or a host of its own. */
  readonly label: string | null;
  readonly hosts: readonly string[];
}

/** What the page of one service shows. */
export interface ServiceDetail extends ServiceView {
  /** The newest ones. */
  readonly newest: readonly ServiceInstance[];
}

/** Instances that the page of a service lists. */
export const serviceInstancesShown = 20;

/** Where a route says that its requests name an instance. */
export type NamingPlace = "path" | "query" | "header" | "body" | "nowhere";

/** Where requests of a route name their instance, and the parameter, header or pointer for it. */
export function placeOf({ query, header, body, passes }: WrittenRoute): {
  readonly place: NamingPlace;
  readonly at: string;
} {
  if (query !== undefined) return { place: "query", at: query };
  if (header !== undefined) return { place: "header", at: header };
  if (body !== undefined) return { place: "body", at: body };
  return { place: passes ? "nowhere" : "path", at: "" };
}

function isIn(template: string, what: "instance" | "token"): boolean {
  const parsed = parseRouteTemplate(template);
  return typeof parsed !== "string" && names(parsed, what);
}

/**
 * What keeps a stranger from an instance that a route names: the instance's own `credential`, which the request brings and
 * the gate checks; else only the account's `token`, once it is enforced, and what the upstream itself checks. `none`: the
 * route names nobody and lets everything pass.
 */
export type RouteLock = "credential" | "token" | "none";

export function lockOf(route: WrittenRoute): RouteLock {
  const { place } = placeOf(route);
  if (place === "nowhere") return "none";
  return place === "header" || isIn(route.template, "token") ? "credential" : "token";
}

/** What an instance has to have, so that requests to its service can name it. */
export interface NamingNeeds {
  /** A name within the service. */
  readonly label: boolean;
  /** A credential that its callers have already. */
  readonly credential: "required" | "optional" | "none";
  /** A host name of its own, because the service has no route that names an instance. */
  readonly host: boolean;
}

/** What the instances of a service with these routes need. */
export function namingNeeds(routes: readonly WrittenRoute[]): NamingNeeds {
  const naming = routes.filter((route) => lockOf(route) !== "none");
  const needsLabel = ({ template, ...route }: WrittenRoute) =>
    ["query", "body"].includes(placeOf({ template, ...route }).place) || isIn(template, "instance");
  const checked = naming.filter((route) => lockOf(route) === "credential");
  const required = checked.length === naming.length || checked.some((route) => !needsLabel(route));
  return {
    label: naming.some(needsLabel),
    credential: checked.length === 0 ? "none" : required ? "required" : "optional",
    host: naming.length === 0,
  };
}

/** How one instance of a service is called. */
interface CalledAs {
  readonly label: string | null;
  readonly credential: string;
}

/** A path of a preset, for one instance. */
export function pathFor(path: string, { label, credential }: CalledAs): string {
  // As they are: `$&` in one is no pattern.
  return path.replaceAll("{instance}", () => label ?? "").replaceAll("{token}", () => credential);
}

/** The header in which the requests of a service bring the credential of their instance; null: in none. */
export function credentialHeaderOf(routes: readonly WrittenRoute[]): string | null {
  return routes.find(({ header }) => header !== undefined)?.header ?? null;
}

/**
 * The header in which a preset's upstream takes one key for everything; null when it takes none, or when that header names
 * the instance: a key in it would name another one.
 */
export function sharedKeyHeader(preset: {
  readonly keyHeader?: string;
  readonly routes: readonly WrittenRoute[];
}): string | null {
  const { keyHeader = null, routes } = preset;
  return keyHeader === credentialHeaderOf(routes) ? null : keyHeader;
}

/** The origin at which a host name is called: scheme and port as where instances are called anyway. */
export function originUnder(host: string, gateOrigin: string): string {
  const url = new URL(gateOrigin);
  url.hostname = host;
  return url.origin;
}

/** What came of a test call. */
export type TestOutcome =
  | {
      readonly kind: "answered";
      readonly status: number;
      readonly means: TestMeaning;
    }
  | { readonly kind: "unanswered"; readonly why: TestFailure }
  /** The built-in echo answers, and there is nothing to test. */
  | { readonly kind: "echo" };

/** What an answer says about the service. */
export type TestMeaning =
  | "good"
  | "page"
  | RefusedProof
  | "unknown"
  | "elsewhere"
  | "limited"
  | "broken"
  | "other";

/** What of a test call an upstream refuses with 401: the stored key, the instance's credential, or that there was neither. */
export type RefusedProof = "key" | "credential" | "keyless";

/** Why there was no answer. */
export type TestFailure = "private" | "name" | "closed" | "late" | "certificate" | "other";

/**
 * What the answer to a preset's test call says.
 *
 * @param contentType in small letters; empty when there is none
 * @param call.anything the API is not known, so that a page is as good an answer as any
 * @param call.refused what a refusal is about
 */
export function meaningOf(
  status: number,
  contentType: string,
  { anything, refused }: { readonly anything: boolean; readonly refused: RefusedProof },
): TestMeaning {
  if (status >= 300 && status < 400) return "elsewhere";
  if (status === 401 || status === 403) return refused;
  if (status === 404) return "unknown";
  if (status === 429) return "limited";
  if (status >= 500) return "broken";
  if (status >= 400) return "other";
  return contentType.startsWith("text/") && !anything ? "page" : "good";
}
