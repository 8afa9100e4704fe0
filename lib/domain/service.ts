import { isInstanceTarget, parseRequestPath, type RequestPath } from "./instance-url";
import { matchRoute, names, overlaps, plainSegments, type RouteTemplate } from "./route-template";

/** Where requests of one kind name the instance they are for. */
export type NamedIn =
  /** A placeholder of the template. */
  | { readonly kind: "path" }
  /** A parameter of the query, once and as it stands. */
  | { readonly kind: "query"; readonly parameter: string }
  /** A header that holds the credential of one instance, as wuzapi's `token`. In small letters. */
  | { readonly kind: "header"; readonly header: string }
  /** A text in a JSON body, by its pointer (RFC 6901). */
  | { readonly kind: "body"; readonly pointer: string }
  /** Nowhere: they are let pass as they are, as public pages and health checks. */
  | { readonly kind: "nowhere" };

/** One way in which requests to a service name an instance. */
export interface ServiceRoute {
  /** Upper case; empty for all. */
  readonly methods: readonly string[];
  readonly template: RouteTemplate;
  readonly namedIn: NamedIn;
}

/** An upstream server, and how its requests name an instance. */
export interface ServiceNaming {
  readonly id: string;
  /** Host names, in small letters, under which its routes are called. */
  readonly hosts: readonly string[];
  readonly routes: readonly ServiceRoute[];
  /**
   * Parameters of the query, in small letters, in which the server would look for an instance too, whatever the path says: Evolution API
   * lets `?instanceName=` overrule it. A request with one of them is for nobody.
   */
  readonly strayParameters: readonly string[];
}

/** What a request says of whom it is for. */
export type Recognised =
  /** The contract's own form: instance id and instance token in the path. */
  | { readonly kind: "instance"; readonly path: RequestPath }
  /** A host name that belongs to one instance. */
  | { readonly kind: "host"; readonly host: string }
  /** A name within a service, and the credential of the URL where it has one. */
  | {
      readonly kind: "route";
      readonly service: ServiceNaming;
      readonly instance: string;
      readonly token: string | null;
    }
  /** The instance of a service that has the credential in this header. */
  | { readonly kind: "header"; readonly service: ServiceNaming; readonly header: string }
  /** A name within a service, once the body is read. */
  | {
      readonly kind: "body";
      readonly service: ServiceNaming;
      readonly pointer: string;
      readonly token: string | null;
    }
  /** To a service, for no instance, and let pass. */
  | { readonly kind: "pass"; readonly service: ServiceNaming }
  | { readonly kind: "none" };

/** What is looked at of a request. */
export interface NamedRequest {
  readonly method: string;
  /** The value of `Host`; null when there is none, or more than one. */
  readonly host: string | null;
  /** Origin form (RFC 9112 §3.2.1), one character for each byte. */
  readonly target: string;
}

/** Services by host name. A host name is of one service or of one instance; whoever saves them sees to that. */
export interface ServiceDirectory {
  readonly serviceByHost: ReadonlyMap<string, ServiceNaming>;
  readonly instanceHosts: ReadonlySet<string>;
  /** Every label below this name is an instance's host; null: none is. */
  readonly domain: string | null;
}

const none: Recognised = { kind: "none" };
const hostShape = /^([a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*)\.?(?::\d{1,5})?$/;

/** A host name as it is compared: small letters, without a port and a final dot. null for what is none. */
export function hostName(host: string): string | null {
  return hostShape.exec(host.toLowerCase())?.[1] ?? null;
}

/** Whether a host is one label below a domain, as `shop.gate.example.com` is below `gate.example.com`. */
function isBelow(host: string, domain: string): boolean {
  return host.endsWith(`.${domain}`) && !host.slice(0, -domain.length - 1).includes(".");
}

const value = /^[A-Za-z0-9\-._~!$'()*+,:=@]+$/;

/** A parameter's name as lenient servers read it: decoded, and without the brackets that make lists and objects of it. */
function parameterName(key: string): string | null {
  try {
    const [, name = ""] = /^\[?([^[\]]*)/.exec(decodeURIComponent(key.replaceAll("+", " ")).trim()) ?? [];
    return name.toLowerCase();
  } catch {
    return null;
  }
}

interface QueryParameter {
  readonly key: string;
  readonly value: string;
  /** null when it cannot be decoded. */
  readonly name: string | null;
}

function parametersOf(query: string): QueryParameter[] {
  return query
    .slice(1)
    .split(/[&;]/)
    .filter(Boolean)
    .map((part) => {
      const equals = part.indexOf("=");
      const key = equals < 0 ? part : part.slice(0, equals);
      return { key, value: equals < 0 ? "" : part.slice(equals + 1), name: parameterName(key) };
    });
}

/**
 * The value of a query parameter that is there once, spelled in the one way it can be. null otherwise: with two of them,
 * in brackets or escaped, servers do not agree on which one counts.
 */
function onlyValue(parameters: readonly QueryParameter[], parameter: string): string | null {
  const [only, ...more] = parameters.filter(({ name }) => name === parameter.toLowerCase());
  if (!only || more.length > 0 || only.key !== parameter) return null;
  return value.test(only.value) && !only.value.includes("+") ? only.value : null;
}

function byRoute(service: ServiceNaming, { method, target }: NamedRequest): Recognised {
  const mark = target.indexOf("?");
  const segments = plainSegments(mark < 0 ? target : target.slice(0, mark));
  if (segments === null) return none;
  const parameters = mark < 0 ? [] : parametersOf(target.slice(mark));
  const stray = ({ name }: QueryParameter) => name === null || service.strayParameters.includes(name);
  for (const { methods, template, namedIn } of service.routes) {
    const match = methods.length === 0 || methods.includes(method) ? matchRoute(template, segments) : null;
    if (match === null) continue;
    const { token } = match;
    if (namedIn.kind !== "nowhere" && parameters.some(stray)) return none;
    switch (namedIn.kind) {
      case "path":
        return { kind: "route", service, instance: match.instance ?? token ?? "", token };
      case "query": {
        const instance = onlyValue(parameters, namedIn.parameter);
        return instance === null ? none : { kind: "route", service, instance, token };
      }
      case "header":
        return { kind: "header", service, header: namedIn.header };
      case "body":
        return { kind: "body", service, pointer: namedIn.pointer, token };
      case "nowhere":
        return { kind: "pass", service };
    }
  }
  return none;
}

/**
 * Whom a request is for. Pure and total. The contract's own path counts under every host, so that it is always there; then
 * the host of one instance, then the routes of a host's service. What could be read in two ways is `none`.
 */
export function recognise(request: NamedRequest, directory: ServiceDirectory): Recognised {
  if (isInstanceTarget(request.target)) {
    const path = parseRequestPath(request.target);
    return path ? { kind: "instance", path } : none;
  }
  const host = request.host === null ? null : hostName(request.host);
  if (host === null) return none;
  const { domain, instanceHosts, serviceByHost } = directory;
  if (instanceHosts.has(host) || (domain !== null && isBelow(host, domain))) return { kind: "host", host };
  const service = serviceByHost.get(host);
  return service ? byRoute(service, request) : none;
}

/** What is wrong with the routes of a service, by their templates. */
export type RouteFault =
  | {
      readonly kind: "names_nobody" | "names_twice" | "pointer" | "parameter" | "header";
      readonly template: string;
    }
  | { readonly kind: "overlap"; readonly template: string; readonly other: string };

const meets = (one: ServiceRoute, other: ServiceRoute) =>
  one.methods.length === 0 ||
  other.methods.length === 0 ||
  one.methods.some((each) => other.methods.includes(each));

function faultOf({ template, namedIn }: ServiceRoute): RouteFault["kind"] | null {
  const inPath = names(template, "instance");
  switch (namedIn.kind) {
    case "path":
      return inPath || names(template, "token") ? null : "names_nobody";
    case "query":
      if (!/^[A-Za-z0-9_.-]{1,64}$/.test(namedIn.parameter)) return "parameter";
      return inPath ? "names_twice" : null;
    case "body":
      if (!/^(?:\/(?:[^~/]|~[01])+){1,8}$/.test(namedIn.pointer) || namedIn.pointer.length > 200)
        return "pointer";
      return inPath ? "names_twice" : null;
    case "header":
      if (!/^[a-z0-9-]{1,64}$/.test(namedIn.header)) return "header";
      return inPath || names(template, "token") ? "names_twice" : null;
    case "nowhere":
      return inPath || names(template, "token") ? "names_twice" : null;
  }
}

/** What keeps the routes of a service from being understood in one way: every fault, with both templates of an overlap. */
export function routeFaults(routes: readonly ServiceRoute[]): RouteFault[] {
  return routes.flatMap((route, index): RouteFault[] => {
    const template = route.template.text;
    const own = faultOf(route);
    const overlapping = routes
      .slice(index + 1)
      .filter((other) => meets(route, other) && overlaps(route.template, other.template))
      .map((other) => ({ kind: "overlap", template, other: other.template.text }) as const);
    return [...(own && own !== "overlap" ? [{ kind: own, template }] : []), ...overlapping];
  });
}
