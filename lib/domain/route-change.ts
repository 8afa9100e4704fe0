import { type Relation, restOfPath, type SeenEndpoint, unclearPath } from "./endpoint-seen";
import { isWords } from "./path-template";
import { routesOf, type WrittenRoute } from "./preset";
import { matchSegment, type Segment, unnamedMiddle } from "./route-template";
import { isForMethod, type ServiceNaming, type ServiceRoute } from "./service";
import { namingNeeds, type ServiceInstance } from "./service-view";

/*
 * What other routes of a service would do to requests that were seen. Remembered are method and path, the name of the instance
 * being `{instance}` where a route told; not the host, and nothing of query, headers and body.
 */

/** What says whom requests to a service are for. */
type Naming = Pick<ServiceNaming, "routes" | "hosts" | "strayParameters" | "tokenHeader">;

/** Routes that count instead of others. */
export interface RoutesChange {
  readonly before: readonly ServiceRoute[];
  readonly after: readonly ServiceRoute[];
  /** Those of `before` that let in all that they did. */
  readonly kept: ReadonlySet<ServiceRoute>;
  /** It may also turn away by what nobody remembers: a host name, a parameter, or the header of the token. */
  readonly unrecorded: boolean;
}

const sameText = (one: string, other: string) => one.toLowerCase() === other.toLowerCase();

function isNamedAlike({ namedIn: one }: ServiceRoute, { namedIn: other }: ServiceRoute): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

/** Whether a route lets in everything that another one did, for the same instances. */
function covers(after: ServiceRoute, before: ServiceRoute): boolean {
  const { methods } = before;
  const isEveryMethod =
    methods.length === 0
      ? after.methods.length === 0
      : methods.every((method) => isForMethod(after.methods, method));
  return isEveryMethod && sameText(after.template.text, before.template.text) && isNamedAlike(after, before);
}

/** In what else a request must not name an instance. */
function elsewhereNamed({ routes, strayParameters }: Naming): string[] {
  const naming = routes.flatMap(({ namedIn }) => {
    if (namedIn.kind === "query") return [namedIn.parameter];
    return namedIn.kind === "body" ? [namedIn.pointer.split("/").at(-1) ?? ""] : [];
  });
  return [...strayParameters, ...naming].map((name) => name.toLowerCase());
}

/** What would count instead of what counts now; null when that turns nobody away who gets in. */
export function routesChange(before: Naming, after: Naming): RoutesChange | null {
  const known = elsewhereNamed(before);
  const unrecorded =
    elsewhereNamed(after).some((name) => !known.includes(name)) ||
    before.hosts.some((host) => !after.hosts.includes(host)) ||
    (before.tokenHeader !== null && before.tokenHeader !== after.tokenHeader);
  const opens = before.routes.length === 0 && after.routes.length > 0;
  const kept = new Set(before.routes.filter((route) => after.routes.some((other) => covers(other, route))));
  if (kept.size === before.routes.length && !opens && !unrecorded) return null;
  return { before: before.routes, after: after.routes, kept, unrecorded };
}

/** What callers name an instance by, besides its id and its credential. */
type InstanceNaming = Pick<ServiceInstance, "label" | "hosts">;

/**
 * The same of another name of one instance, which is to its callers as if the service had lost the routes that go by it: they
 * count for the contract's path and the instance's own hosts, too. A host name taken away may turn anybody away.
 *
 * @param written those of its service; none without one
 */
export function namingChange(
  written: readonly WrittenRoute[],
  before: InstanceNaming,
  after: InstanceNaming,
): RoutesChange | null {
  const keepsName = before.label === null || before.label === after.label;
  const left = keepsName ? written : written.filter((route) => !namingNeeds([route]).label);
  const naming = (routes: readonly WrittenRoute[], { hosts }: InstanceNaming) => ({
    routes: routesOf({ routes }),
    hosts,
    strayParameters: [],
    tokenHeader: null,
  });
  return routesChange(naming(written, before), naming(left, after));
}

/** What may be in place of a segment whose name nobody remembers because it is no plain word. */
function unnamedRelation({ literal, whole, holes }: Segment, label: string | null): Relation {
  const words = literal === null ? whole?.only : [literal];
  if (words) return words.every(isWords) ? "none" : "some";
  if (holes.includes("instance") && (label === null || (whole !== null && isWords(label)))) return "none";
  return whole?.placeholder === "any" && whole.except.every(isWords) ? "all" : "some";
}

/** The same of one that is remembered with the name of an instance, or its credential, left out. */
function namedRelation(segment: Segment, seen: string, label: string | null): Relation | null {
  const { literal, whole, before, after, holes } = segment;
  if (holes.some((hole) => hole !== "any") && sameText(seen, before + unnamedMiddle(segment) + after)) {
    if (whole === null || whole.placeholder !== "instance" || label === null) return "all";
    return matchSegment(segment, label) === null ? "none" : "all";
  }
  if (seen.includes("{instance}") && !seen.includes("{token}") && label !== null) return null;
  const start = seen.slice(0, seen.indexOf("{")).toLowerCase();
  const own = literal ?? before;
  const begins = own.startsWith(start) || (literal === null && start.startsWith(own));
  return begins ? "some" : "none";
}

/** Whether all, none or some of the texts that are remembered as one are what a segment of a template says. */
function segmentRelation(segment: Segment, seen: string, label: string | null): Relation {
  if (seen === "{}") return unnamedRelation(segment, label);
  const named = seen.includes("{") ? namedRelation(segment, seen, label) : null;
  if (named !== null) return named;
  const values = matchSegment(segment, seen.replace("{instance}", label ?? ""));
  if (values === null) return "none";
  const instance = segment.holes.indexOf("instance");
  if (instance >= 0 && values[instance] !== label) return "none";
  return segment.holes.includes("token") ? "some" : "all";
}

/** Requests that are remembered as one, read once for all routes. */
interface SeenRequests {
  readonly method: string;
  readonly segments: readonly string[];
  /** There was more of the path. */
  readonly isCut: boolean;
}

function readSeen({ method, path }: Pick<SeenEndpoint, "method" | "path">): SeenRequests {
  const segments = path.split("/").filter(Boolean);
  const isCut = segments.at(-1) === restOfPath;
  return { method, segments: isCut ? segments.slice(0, -1) : segments, isCut };
}

/**
 * Whether requests that are remembered as one come under a route, for the instance that they were for.
 *
 * @param known a route that they came under: what it says to the letter is so
 */
function relationOf(
  { methods, template }: ServiceRoute,
  { method, segments: seen, isCut }: SeenRequests,
  label: string | null,
  known: ServiceRoute | null = null,
): Relation {
  if (!isForMethod(methods, method)) return "none";
  const wanted = template.segments;
  if ((!isCut && seen.length < wanted.length) || (seen.length > wanted.length && !template.open))
    return "none";
  const relations = wanted.slice(0, seen.length).map((segment, index) => {
    if (known?.template.segments[index]?.text === segment.text) return "all";
    return segmentRelation(segment, seen[index] ?? "", label);
  });
  if (relations.includes("none")) return "none";
  const isSure = !isCut || (template.open && wanted.length <= seen.length);
  return isSure && !relations.includes("some") ? "all" : "some";
}

const verdicts = { all: "passes", some: "maybe", none: "rejected" } as const;

/** What is so by one of several ways. */
const best = (relations: readonly Relation[]): Relation =>
  (["all", "some"] as const).find((each) => relations.includes(each)) ?? "none";

/** What becomes of requests that came under a route. */
function keptUnder(
  before: ServiceRoute,
  { after, kept }: RoutesChange,
  seen: SeenRequests,
  label: string | null,
): Relation {
  if (kept.has(before)) return "all";
  // The contract's path and an instance's own host lead on where there is no route.
  const isByRoute = seen.segments.some((each) => each.includes("{instance}") || each.includes("{token}"));
  if (after.length === 0) return isByRoute ? "none" : "some";
  const relations = after.map((route): Relation => {
    const relation = relationOf(route, seen, label, before);
    return relation === "all" && !isNamedAlike(route, before) ? "some" : relation;
  });
  return best(relations);
}

/**
 * What other routes do to requests that are remembered as one: `rejected` where none of them would be for its instance any
 * more, `maybe` where that cannot be told from what is remembered. What no route lets in now loses nothing.
 *
 * @param label the instance's name in its service; null: it has none
 */
export function judgeRoutes(
  change: RoutesChange,
  endpoint: Pick<SeenEndpoint, "method" | "path">,
  label: string | null,
): "passes" | "rejected" | "maybe" {
  const { before, after } = change;
  const isUnclear = endpoint.path === unclearPath;
  const seen = readSeen(endpoint);
  if (before.length === 0) {
    if (after.length === 0) return "passes";
    const relations = after.map((route) => {
      const relation = isUnclear ? "none" : relationOf(route, seen, label);
      return relation === "all" && route.namedIn.kind !== "path" ? "some" : relation;
    });
    return verdicts[best(relations)];
  }
  if (isUnclear) return "passes";
  const ways = before
    .map((route) => ({ route, relation: relationOf(route, seen, label) }))
    .filter(({ relation }) => relation !== "none");
  const kept = ways.map(({ route }) => keptUnder(route, change, seen, label));
  if (kept.every((each) => each === "all")) return "passes";
  const isSure = kept.every((each) => each === "none") && ways.some(({ relation }) => relation === "all");
  return isSure ? "rejected" : "maybe";
}
