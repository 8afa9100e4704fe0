import { instanceTokenDigest } from "@/lib/crypto/digest";
import type { DirectoryService } from "@/lib/db/services";
import { asksForAnother } from "@/lib/domain/endpoint";
import { isWellFormedTarget, type RequestPath } from "@/lib/domain/instance-url";
import { credentialKey, labelKey } from "@/lib/domain/policy-key";
import { byRoute, isCredential, isLabel, type Recognised } from "@/lib/domain/service";
import { headerField, isTakenAway } from "../headers";
import type { BodyMemory } from "../held-body";
import type { GateRequest } from "../messages";
import type { HostDirectory } from "../policy/host-directory";
import { type GateError, invalidPath, nothingThere } from "./denial";
import { readNamingBody } from "./naming-body";

/** The instance that a request names under a host name. */
export interface Addressee {
  readonly kind: "instance";
  readonly path: RequestPath;
  /** What its policy is looked up by; null when nothing can have that name. */
  readonly key: string | null;
  /** What the request brought as the instance's own credential; null: it is named without one. */
  readonly credential: string | null;
  readonly about: string | null;
  /** null under the host name of one instance. */
  readonly service: DirectoryService | null;
  /** A header besides Client-Token that may bring the account's token; null: none. */
  readonly tokenHeader: string | null;
  /** As it goes on: a body that was read comes again, byte for byte. */
  readonly request: GateRequest;
}

/** What a service lets pass without an instance. */
export interface PublicPath {
  readonly kind: "public";
  readonly path: RequestPath;
  readonly service: DirectoryService;
}

/** Whom a request is for. */
export type Addressed =
  | { readonly kind: "contract" }
  | { readonly kind: "nobody"; readonly error: GateError }
  | PublicPath
  | Addressee;

const nobody = (error: GateError): Addressed => ({ kind: "nobody", error });

/** The whole path, under a host name where all of it is the instance's. */
function wholePath(target: string): RequestPath {
  const mark = target.indexOf("?");
  const [rest, query] = mark < 0 ? [target, ""] : [target.slice(0, mark), target.slice(mark)];
  return { instanceId: "", instanceToken: "", rest, query };
}

type NamedInBody = Recognised<DirectoryService> & { readonly kind: "body" };

async function byBody(request: GateRequest, found: NamedInBody, bodies: BodyMemory): Promise<Addressed> {
  const { service, pointer, token, about } = found;
  const read = await readNamingBody(request, pointer, service.accountId, bodies);
  if (!("name" in read)) return nobody(read);
  return named(read.request, { service, instance: read.name, token, about });
}

/** The instance of a service by its name, or by its credential alone. */
function named(
  request: GateRequest,
  found: Pick<
    Recognised<DirectoryService> & { readonly kind: "route" },
    "service" | "instance" | "token" | "about"
  >,
): Addressee {
  const { service, instance, token, about } = found;
  const path = wholePath(request.target);
  const { tokenHeader } = service;
  const common = { kind: "instance", path, credential: token, about, service, tokenHeader, request } as const;
  // What no instance can be named is looked up nowhere.
  if (token !== null && !isCredential(token)) return { ...common, key: null };
  if (instance !== null) return { ...common, key: isLabel(instance) ? labelKey(service.id, instance) : null };
  const digest = request.memo ? request.memo.instanceDigest : instanceTokenDigest.joined;
  return { ...common, key: token === null ? null : credentialKey(service.id, digest(token)) };
}

/** The instance whose credential is in a header that goes on: there once, and in no twin of it. */
function byHeader(
  request: GateRequest,
  { service, header }: Recognised<DirectoryService> & { readonly kind: "header" },
): Addressed {
  const { headers } = request;
  const values: string[] = [];
  for (let at = 0; at < headers.length; at += 2) {
    const { name, merged } = headerField(headers[at] ?? "");
    if (merged === header) values.push(name === merged ? (headers[at + 1] ?? "").trim() : "");
  }
  const [token = ""] = values;
  const isRead = values.length === 1 && isCredential(token) && !isTakenAway(headers, header);
  const only = isRead ? token : "";
  return named(request, { service, instance: null, token: only, about: wholePath(request.target).rest });
}

type WithinService = Exclude<Recognised<DirectoryService>, { readonly kind: "instance" | "host" }>;

function addressedWithin(
  request: GateRequest,
  found: WithinService,
  bodies: BodyMemory,
): Addressed | Promise<Addressed> {
  const { headers, target } = request;
  const mark = target.indexOf("?");
  // A server that does as such a request asks takes another method or path than the one that names the instance here.
  if (asksForAnother({ headers, query: mark < 0 ? "" : target.slice(mark) })) return nobody(nothingThere);
  switch (found.kind) {
    case "route":
      return named(request, found);
    case "header":
      return byHeader(request, found);
    case "body":
      return byBody(request, found, bodies);
    case "pass":
      return { kind: "public", path: wholePath(request.target), service: found.service };
    case "none":
      return nobody(nothingThere);
  }
}

/** Whom a request to a service is for by the routes of that alone, whatever host it came to. */
export function addresseeWithin(
  request: GateRequest,
  service: DirectoryService,
  bodies: BodyMemory,
): Addressed | Promise<Addressed> {
  return addressedWithin(request, byRoute(service, request) as WithinService, bodies);
}

function addressedBy(
  request: GateRequest,
  directory: HostDirectory,
  bodies: BodyMemory,
): Addressed | Promise<Addressed> {
  const { target, method, host } = request;
  const found = directory.recognise({ target, method, host });
  switch (found.kind) {
    case "instance":
      return { kind: "contract" };
    case "host": {
      if (!isWellFormedTarget(target)) return nobody(invalidPath);
      const key = directory.instanceAt(found.host);
      const path = wholePath(target);
      const tokenHeader = directory.tokenHeaderAt(found.host);
      const named = { path, key, credential: null, about: null, service: null, tokenHeader, request };
      return { kind: "instance", ...named };
    }
    case "none":
      return directory.owns(host) ? nobody(nothingThere) : { kind: "contract" };
    default:
      return addressedWithin(request, found, bodies);
  }
}

/**
 * Whom a request is for, where host names may say so; at once, unless its body has to be read or what is known of its host
 * is not as new as what was announced.
 *
 * @throws Error (the promise rejects) when that cannot be read
 */
export function addresseeOf(
  request: GateRequest,
  directory: HostDirectory,
  bodies: BodyMemory,
): Addressed | Promise<Addressed> {
  const fresh = directory.whenFresh(request.host);
  const address = () => addressedBy(request, directory, bodies);
  return fresh === null ? address() : fresh.then(address);
}
