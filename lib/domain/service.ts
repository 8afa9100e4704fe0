import { isCallersField } from "./forwarded-headers";
import {
  isInstanceTarget,
  isWellFormedQuery,
  parseRequestPath,
  type RequestPath,
  requestPathMaxBytes,
} from "./instance-url";
import { foldCase } from "./json-text";
import { matchRoute, names, overlaps, pathAbout, plainSegments, type RouteTemplate } from "./route-template";
import { instanceIdPattern } from "./token-format";

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
   * In what else the server would look for an instance, whatever the path says; a request with one of them is for nobody. Parameters
   * of the query, in small letters: Evolution API lets `?instanceName=` overrule the path. And what begins with a slash,
   * anywhere in the target: with `/instance/create` in a query it lets the body overrule it.
   */
  readonly strayParameters: readonly string[];
  /** A header besides Client-Token that may bring the account's token, in small letters; null: none. */
  readonly tokenHeader: string | null;
}

/** What a request says of whom it is for. */
export type Recognised<Service extends ServiceNaming = ServiceNaming> =
  /** The contract's own form: instance id and instance token in the path. */
  | { readonly kind: "instance"; readonly path: RequestPath }
  /** A host name that belongs to one instance. */
  | { readonly kind: "host"; readonly host: string }
  /** A name within a service, and the credential of the URL where it has one. */
  | {
      readonly kind: "route";
      readonly service: Service;
      /** null: the one with this credential. */
      readonly instance: string | null;
      readonly token: string | null;
      /** The path without whom it names, for what is remembered of callers. */
      readonly about: string;
    }
  /** The instance of a service that has the credential in this header. */
  | { readonly kind: "header"; readonly service: Service; readonly header: string }
  /** A name within a service, once the body is read. */
  | {
      readonly kind: "body";
      readonly service: Service;
      readonly pointer: string;
      readonly token: string | null;
      readonly about: string;
    }
  /** To a service, for no instance, and let pass. */
  | { readonly kind: "pass"; readonly service: Service }
  | { readonly kind: "none" };

/** What is looked at of a request. */
export interface NamedRequest {
  readonly method: string;
  /** From `hostName`; null when there is none, or more than one. */
  readonly host: string | null;
  /** Origin form (RFC 9112 §3.2.1), one character for each byte. */
  readonly target: string;
}

/** Services by host name. A host name is of one service or of one instance; whoever saves them sees to that. */
export interface ServiceDirectory<Service extends ServiceNaming = ServiceNaming> {
  readonly serviceOf: (host: string) => Service | null;
  readonly isInstanceHost: (host: string) => boolean;
  /** Every label below this name is an instance's host; null: none is. */
  readonly domain: string | null;
}

const none = { kind: "none" } as const;
const hostShape = /^([a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*)\.?(?::\d{1,5})?$/;

/** A host name as it is compared: small letters, without a port and a final dot. null for what is none. */
export function hostName(host: string): string | null {
  return hostShape.exec(host.toLowerCase())?.[1] ?? null;
}

/** Whether a host is one label below a domain, as `shop.gate.example.com` is below `gate.example.com`. */
export function isBelow(host: string, domain: string): boolean {
  return host.endsWith(`.${domain}`) && !host.slice(0, -domain.length - 1).includes(".");
}

const value = /^[A-Za-z0-9\-._~!$'()*+,:=@]+$/;

/** Longest name of an instance within its service, and longest credential of a URL, in characters. */
export const labelMaxLength = 100;
export const credentialMaxLength = 256;

const label = /^(?!\.{1,2}$)[A-Za-z0-9\-._~]+$/;
const credential = /^(?!\.{1,2}$)[A-Za-z0-9\-._~!$'()*+,:=@&]+$/;

/** True for a name that has one spelling in paths, queries and bodies alike (RFC 3986 §2.3 unreserved). */
export function isLabel(text: string): boolean {
  return text.length <= labelMaxLength && label.test(text);
}

/** True for a credential that can stand in a path or a header as it is. */
export function isCredential(text: string): boolean {
  return text.length <= credentialMaxLength && credential.test(text);
}

/** What names of one parameter have in common among servers that look past case, and PHP, which makes `a_b` of `a.b` and `a b`. */
const sameName = (name: string) => foldCase(name).replace(/[ .]/g, "_");

/**
 * What servers do not read alike in a parameter's name. It ends at a NUL for PHP. Who decodes twice finds escapes and separators,
 * who cuts the query off at its last question mark another name, and objects that are made of brackets get members from
 * `__proto__` and `constructor`.
 */
const unclearName = /[\p{Cc}\p{Cf}%=&;?#\\]|__proto__|constructor[[.\]]/u;

/**
 * A parameter's names as lenient servers read it: decoded, and without the brackets and dots that make lists and objects of it;
 * PHP makes `a_b` of `a[b`, too. null when it cannot be decoded, or servers do not agree on it.
 */
function parameterNames(key: string): readonly string[] | null {
  // Nearly all are written so, and all read them alike.
  if (/^(?:[A-Za-z0-9-]|_(?!_))+$/.test(key)) return [key.toLowerCase()];
  try {
    const text = decodeURIComponent(key.replaceAll("+", " ")).trim();
    if (unclearName.test(text)) return null;
    const [, name = ""] = /^\[?([^[\].]*)/.exec(text) ?? [];
    return [sameName(name), sameName(text.replace(/\[.*$/s, "")), sameName(text.replace("[", "_"))];
  } catch {
    return null;
  }
}

interface QueryParameter {
  readonly key: string;
  readonly value: string;
  /** null when servers do not agree on them. */
  readonly names: readonly string[] | null;
}

function parametersOf(query: string): QueryParameter[] {
  return query
    .slice(1)
    .split(query.includes(";") ? /[&;]/ : "&")
    .filter(Boolean)
    .map((part) => {
      const equals = part.indexOf("=");
      const key = equals < 0 ? part : part.slice(0, equals);
      return { key, value: equals < 0 ? "" : part.slice(equals + 1), names: parameterNames(key) };
    });
}

/** Most parameters beside the one that names an instance: many servers read no more than a thousand, and overlook that one then. */
const mostParameters = 100;

/**
 * The value of a query parameter that is there once, spelled in the one way it can be. null otherwise: with two of them,
 * in brackets or escaped, servers do not agree on which one counts; nor do they on semicolons, and behind very many others.
 *
 * @param query from its question mark on
 */
function onlyValue(query: string, parameters: readonly QueryParameter[], parameter: string): string | null {
  if (query.includes(";") || query.split("&").length > mostParameters) return null;
  const [only, ...more] = parameters.filter(({ names }) => names?.includes(sameName(parameter)));
  if (!only || more.length > 0 || only.key !== parameter) return null;
  return value.test(only.value) && !only.value.includes("+") ? only.value : null;
}

/** What a decoder that is called once too often, or not at all, would find in a query. */
function decodings(text: string): string[] {
  const found = [text.toLowerCase()];
  if (!text.includes("%")) return found;
  for (let times = 0; times < 2; times++) {
    const last = found.at(-1) ?? "";
    const decoded = last.replace(/%([0-7][0-9a-f])/g, (_, hex: string) =>
      String.fromCharCode(Number.parseInt(hex, 16)),
    );
    found.push(decoded.toLowerCase());
  }
  return found;
}

/** By what else than its route a request could be for an instance. */
interface OtherNames {
  /** Anywhere in the target. */
  readonly texts: readonly string[];
  /** Parameters that always count. */
  readonly stray: ReadonlySet<string>;
  /** Parameters and members in which some request of the service names its instance. */
  readonly naming: ReadonlySet<string>;
}

/** Worked out once for each service that was read. */
const otherNames = new WeakMap<ServiceNaming, OtherNames>();

function otherNamesOf(service: ServiceNaming): OtherNames {
  let names = otherNames.get(service);
  if (!names) {
    const { routes, strayParameters } = service;
    const naming = routes.flatMap(({ namedIn }) => {
      if (namedIn.kind === "query") return [sameName(namedIn.parameter)];
      return namedIn.kind === "body" ? [sameName(namedIn.pointer.split("/").at(-1) ?? "")] : [];
    });
    const texts = strayParameters.filter((each) => each.startsWith("/"));
    names = { texts, stray: new Set(strayParameters.map(sameName)), naming: new Set(naming) };
    otherNames.set(service, names);
  }
  return names;
}

/** Whether the server could take a request for another instance than the one its route names. */
function isStray(
  service: ServiceNaming,
  namedIn: NamedIn,
  target: string,
  parameters: readonly QueryParameter[],
): boolean {
  const { texts, stray, naming } = otherNamesOf(service);
  if (texts.length > 0 && decodings(target).some((form) => texts.some((text) => form.includes(text))))
    return true;
  if (parameters.length === 0) return false;
  const own = namedIn.kind === "query" ? sameName(namedIn.parameter) : null;
  return parameters.some(
    ({ names }) =>
      names === null || names.some((name) => stray.has(name) || (name !== own && naming.has(name))),
  );
}

/** Whether a route is for a method. HEAD asks for what GET would, without its content (RFC 9110 §9.3.2). */
export const isForMethod = (methods: readonly string[], method: string) =>
  methods.length === 0 || methods.includes(method) || (method === "HEAD" && methods.includes("GET"));

/** Whom a request to a service is for, by its routes alone. Pure and total. */
export function byRoute<Service extends ServiceNaming>(
  service: Service,
  { method, target }: Pick<NamedRequest, "method" | "target">,
): Recognised<Service> {
  const mark = target.indexOf("?");
  const path = mark < 0 ? target : target.slice(0, mark);
  const query = mark < 0 ? "" : target.slice(mark);
  if (path.length > requestPathMaxBytes || !isWellFormedQuery(query)) return none;
  const segments = plainSegments(path);
  if (segments === null) return none;
  for (const { methods, template, namedIn } of service.routes) {
    const match = isForMethod(methods, method) ? matchRoute(template, segments) : null;
    if (match === null) continue;
    const { token } = match;
    const parameters = parametersOf(query);
    if (isStray(service, namedIn, target, parameters)) return none;
    const about = pathAbout(template, path, segments);
    switch (namedIn.kind) {
      case "path":
        return { kind: "route", service, instance: match.instance, token, about };
      case "query": {
        const instance = onlyValue(query, parameters, namedIn.parameter);
        return instance === null ? none : { kind: "route", service, instance, token, about };
      }
      case "header":
        return { kind: "header", service, header: namedIn.header };
      case "body":
        return { kind: "body", service, pointer: namedIn.pointer, token, about };
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
export function recognise<Service extends ServiceNaming>(
  request: NamedRequest,
  { domain, isInstanceHost, serviceOf }: ServiceDirectory<Service>,
): Recognised<Service> {
  const { host } = request;
  const service = host === null ? null : serviceOf(host);
  if (isInstanceTarget(request.target)) {
    const path = parseRequestPath(request.target);
    // Upstreams whose own paths look like this have ids of another form.
    const isOurs = service === null || path === null || instanceIdPattern.test(path.instanceId);
    const named = isOurs ? none : byRoute(service, request);
    if (named.kind !== "none") return named;
    return path ? { kind: "instance", path } : none;
  }
  if (host === null) return none;
  if (service !== null) return byRoute(service, request);
  if (isInstanceHost(host) || (domain !== null && isBelow(host, domain))) return { kind: "host", host };
  return none;
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
  one.methods.some((each) => isForMethod(other.methods, each)) ||
  other.methods.some((each) => isForMethod(one.methods, each));

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
      if (!isCallersField(namedIn.header)) return "header";
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
