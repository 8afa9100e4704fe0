import { randomUUID } from "node:crypto";
import { z } from "zod";
import { db } from "@/lib/db/client";
import type { StoredService, Transaction } from "@/lib/db/transaction";
import type { AuditAction, AuditDetails } from "@/lib/domain/audit-event";
import type { Consequence } from "@/lib/domain/caller-view";
import type { ServiceChange } from "@/lib/domain/consequence";
import { invalidField, Refusal } from "@/lib/domain/errors";
import { type HeaderPair, isCallersField, mergedName } from "@/lib/domain/forwarded-headers";
import type { UpstreamHeader } from "@/lib/domain/instance";
import { type PresetId, presets, readRoute, routesOf, type WrittenRoute } from "@/lib/domain/preset";
import { routesChange } from "@/lib/domain/route-change";
import { routeTemplateMaxLength } from "@/lib/domain/route-template";
import { type RouteFault, routeFaults, type ServiceRoute } from "@/lib/domain/service";
import type { AuditRecord } from "../audit/append";
import { fatesOfService } from "../callers/calls";
import { readConsequence, requireNameToBreak } from "../callers/consequence";
import {
  answerStyleSchema,
  firstByteSchema,
  headersSchema,
  keepHeaders,
  openHeaders,
  originOf,
  sealHeaders,
  upstreamLabel,
  upstreamUrlSchema,
} from "../instances/upstream";
import { consent, nameSchema, refuse, requireTypedName, typedNameSchema } from "../parse";
import { changeUseCase, readUseCase } from "../use-case";
import { hostsSchema, setHostNames } from "./host-names";

const mostRoutes = 30;

const methodSchema = z
  .string()
  .trim()
  .toUpperCase()
  .superRefine((method, context) => {
    if (!/^[A-Z]{1,20}$/.test(method)) refuse(context, "route_method", { method });
  });

const writtenRoute = z.strictObject({
  template: z.string().max(routeTemplateMaxLength),
  methods: z.array(methodSchema).max(10).readonly().optional(),
  query: z.string().optional(),
  header: z.string().optional(),
  body: z.string().optional(),
  passes: z.boolean().optional(),
});

function refuseFault(context: z.RefinementCtx, fault: RouteFault): void {
  const { template } = fault;
  if (fault.kind === "overlap") refuse(context, "routes_overlap", { template, other: fault.other });
  else if (fault.kind === "names_nobody") refuse(context, "route_nobody", { template });
  else if (fault.kind === "names_twice") refuse(context, "route_twice", { template });
  else refuse(context, `route_${fault.kind}`, { template });
}

/** Routes that can be understood in one way only; both templates of an overlap are named. */
const routesSchema = z.array(writtenRoute).transform((written, context) => {
  if (written.length > mostRoutes) {
    refuse(context, "routes_too_many", { max: mostRoutes });
    return z.NEVER;
  }
  const routes: ServiceRoute[] = [];
  for (const each of written) {
    const route = readRoute(each as WrittenRoute);
    if (typeof route === "string") refuse(context, "route_invalid", { template: each.template });
    else routes.push(route);
  }
  const [fault] = routeFaults(routes);
  if (fault) refuseFault(context, fault);
  return written;
});

/** A header that can hold the token: none that the gate or HTTP decides, and not the one that always counts. */
const tokenHeaderSchema = z.string().transform((text, context): string | null => {
  const name = text.trim().toLowerCase();
  if (name === "") return null;
  if (!/^[a-z0-9-]{1,64}$/.test(name)) refuse(context, "header_name");
  else if (!isCallersField(name)) refuse(context, "header_reserved", { name });
  return name;
});

const presetSchema = z.string().transform((text, context): PresetId => {
  if (!Object.hasOwn(presets, text)) refuse(context, "choice_invalid");
  return text as PresetId;
});

/** What every service has, whatever it was made from. */
const fields = {
  name: nameSchema,
  upstreamUrl: upstreamUrlSchema.default(null),
  hosts: hostsSchema.default([]),
  headers: headersSchema.default([]),
  firstByteSeconds: firstByteSchema.default(null),
  tokenHeader: tokenHeaderSchema.default(null),
  answerStyle: answerStyleSchema.optional(),
};

const mostStrayParameters = 20;

/** The name of a parameter, or what must be nowhere in a target. */
const strayParameterSchema = z
  .string()
  .toLowerCase()
  .superRefine((text, context) => {
    if (!/^(?:[a-z0-9_.-]{1,64}|\/[a-z0-9/_.-]{1,64})$/.test(text)) refuse(context, "stray_invalid");
  });

const strayParametersSchema = z.array(strayParameterSchema).superRefine((all, context) => {
  if (all.length > mostStrayParameters) refuse(context, "stray_too_many", { max: mostStrayParameters });
});

function serviceEvent(
  action: AuditAction,
  { id, name }: Pick<StoredService, "id" | "name">,
  details?: AuditDetails,
): AuditRecord {
  return { action, targetType: "service", targetId: id, targetLabel: name, details };
}

/**
 * The account's service of this id.
 *
 * @throws Refusal `not_found`, the same for an id that does not exist and for one of another account
 */
export async function findService(
  tx: Pick<Transaction, "service">,
  accountId: string,
  serviceId: string,
): Promise<StoredService> {
  const wellFormed = z.uuid().safeParse(serviceId).success;
  const found = wellFormed ? await tx.service.findFirst({ where: { id: serviceId, accountId } }) : null;
  if (!found) throw new Refusal("not_found");
  return found;
}

/**
 * Makes sure that nothing takes the place of a header that names the instance: a stored value there would name another one.
 *
 * @throws Refusal `invalid` (headers.N.name, tokenHeader: header_names)
 */
function requireNamingHeadersFree(
  routes: readonly WrittenRoute[],
  {
    headers,
    tokenHeader,
  }: { readonly headers: readonly UpstreamHeader[]; readonly tokenHeader: string | null },
): void {
  const naming = new Set(routes.flatMap(({ header }) => (header === undefined ? [] : [mergedName(header)])));
  const position = headers.findIndex(({ name }) => naming.has(mergedName(name.toLowerCase())));
  if (position >= 0) throw invalidField(`headers.${position}.name`, "header_names");
  if (tokenHeader !== null && naming.has(mergedName(tokenHeader)))
    throw invalidField("tokenHeader", "header_names");
}

/** What a new service is made of. Without `routes` it has those of its preset. */
export const newServiceFields = {
  ...fields,
  preset: presetSchema,
  routes: routesSchema.optional(),
  strayParameters: strayParametersSchema.optional(),
};

/**
 * Adds a service to an account whose row is held, and says so for the trail.
 *
 * @throws Refusal `invalid` (hosts, headers)
 */
export async function addService(
  tx: Transaction,
  accountId: string,
  input: z.output<z.ZodObject<typeof newServiceFields>>,
): Promise<{ readonly serviceId: string; readonly event: AuditRecord }> {
  const { name, preset, upstreamUrl, hosts, headers, firstByteSeconds, tokenHeader } = input;
  const { answerStyle = "documented" } = input;
  const id = randomUUID();
  const { routes = presets[preset].routes, strayParameters = presets[preset].strayParameters } = input;
  requireNamingHeadersFree(routes as readonly WrittenRoute[], input);
  await tx.service.create({
    data: {
      id,
      accountId,
      name,
      preset,
      upstreamUrl,
      headersSealed: sealHeaders(`service:${id}`, keepHeaders(headers, [])),
      firstByteSeconds,
      tokenHeader,
      answerStyle,
      routes: structuredClone(routes) as object[],
      strayParameters: [...strayParameters],
    },
  });
  await setHostNames(tx, accountId, { serviceId: id }, hosts, "hosts");
  const details = { to: upstreamLabel(upstreamUrl), hosts: hosts.length };
  return { serviceId: id, event: serviceEvent("service.created", { id, name }, details) };
}

/**
 * Makes a service.
 *
 * @throws Refusal `forbidden`, or `invalid` (name, preset, upstreamUrl, hosts, headers, routes, firstByteSeconds,
 *   tokenHeader, strayParameters, answerStyle)
 */
export const createService = changeUseCase({
  permission: "instance.create",
  altersDecision: true,
  input: z.object(newServiceFields),
  run: async ({ tx, account }, input) => {
    const { serviceId, event } = await addService(tx, account.id, input);
    return { result: { serviceId }, event };
  },
});

/** A service as it shall be. */
const changedFields = z.object({
  ...fields,
  serviceId: z.string(),
  routes: routesSchema,
  strayParameters: strayParametersSchema,
});

/**
 * The headers that a service has after a change, and what that takes from callers or where it leads them; null when it does
 * neither.
 *
 * @throws Refusal `invalid` (headers.N.name, tokenHeader, headers.N.value)
 */
async function changeOf(
  tx: Pick<Transaction, "hostName">,
  service: StoredService,
  input: z.output<typeof changedFields>,
): Promise<{ readonly kept: HeaderPair[]; readonly change: ServiceChange | null }> {
  const { upstreamUrl, headers, hosts, tokenHeader, routes, strayParameters } = input;
  requireNamingHeadersFree(routes as WrittenRoute[], input);
  const { id: serviceId, accountId } = service;
  const before = {
    hosts: (await tx.hostName.findMany({ where: { serviceId, accountId } })).map(({ name }) => name),
    routes: routesOf({ routes: service.routes as unknown as WrittenRoute[] }),
    strayParameters: service.strayParameters,
    tokenHeader: service.tokenHeader,
  };
  const after = {
    hosts,
    routes: routesOf({ routes: routes as WrittenRoute[] }),
    strayParameters,
    tokenHeader,
  };
  const stored = openHeaders(`service:${serviceId}`, service.headersSealed);
  const sameOrigin = originOf(service.upstreamUrl) === originOf(upstreamUrl);
  const kept = keepHeaders(headers, sameOrigin ? stored : []);
  // A value that is given counts as another one: compared, a forecast would tell whether somebody has guessed it.
  const sameHeaders = headers.length === stored.length && headers.every(({ value }) => value === null);
  const moves = upstreamUrl !== service.upstreamUrl || !sameHeaders;
  const change = { routes: routesChange(before, after), moves };
  return { kept, change: change.routes || moves ? change : null };
}

/**
 * Whom a change of a service would turn away, or lead elsewhere; null when it does neither, whoever calls.
 *
 * @throws Refusal `forbidden`, `not_found`, or `invalid` as the change itself would be
 */
export const forecastService = readUseCase({
  permission: "caller.read",
  input: changedFields,
  run: async ({ accountId }, input): Promise<Consequence | null> => {
    const now = new Date();
    const service = await findService(db, accountId, input.serviceId);
    const { change } = await changeOf(db, service, input);
    if (change === null) return null;
    const fates = await fatesOfService(accountId, { serviceId: service.id }, change, now);
    return readConsequence(accountId, "service", fates, now);
  },
});

/**
 * Changes a service. All fields are as they shall be; a header without a value keeps the stored one, as long as the
 * upstream's origin stays. Without `answerStyle` that one stays. `confirmation` is the service's name until now: required when
 * the change turns a caller away, or may.
 *
 * @throws Refusal `forbidden`, `proof_required`, `not_found`, or `invalid` as `createService` and (confirmation: required,
 *   name_mismatch, callers_changed)
 */
export const changeService = changeUseCase({
  permission: "instance.upstream",
  altersDecision: true,
  input: changedFields.extend(consent),
  run: async ({ tx, account }, { confirmation: typed, named, ...input }) => {
    const { serviceId, name, upstreamUrl, hosts, firstByteSeconds, tokenHeader } = input;
    const service = await findService(tx, account.id, serviceId);
    const { kept, change } = await changeOf(tx, service, input);
    if (change?.routes) {
      const fates = await fatesOfService(account.id, { serviceId: service.id }, change, new Date(), tx);
      requireNameToBreak(fates, service, { typed, named });
    }
    await tx.service.update({
      where: { id: service.id, accountId: account.id },
      data: {
        name,
        upstreamUrl,
        headersSealed: sealHeaders(`service:${service.id}`, kept),
        firstByteSeconds,
        tokenHeader,
        ...(input.answerStyle !== undefined && { answerStyle: input.answerStyle }),
        routes: input.routes,
        strayParameters: input.strayParameters,
      },
    });
    await setHostNames(tx, account.id, { serviceId: service.id }, hosts, "hosts");
    const details = { to: upstreamLabel(upstreamUrl), hosts: hosts.length };
    return { result: undefined, event: serviceEvent("service.changed", { ...service, name }, details) };
  },
});

/**
 * Removes a service that no instance is called through. `confirmName` is its name, typed by the person who removes it.
 *
 * @throws Refusal `forbidden`, `proof_required`, `not_found`, or `invalid` (confirmName: name_mismatch, service_in_use)
 */
export const removeService = changeUseCase({
  permission: "instance.delete",
  altersDecision: true,
  input: z.object({ serviceId: z.string(), confirmName: typedNameSchema }),
  run: async ({ tx, account }, { serviceId, confirmName }) => {
    const service = await findService(tx, account.id, serviceId);
    requireTypedName(service, confirmName, "confirmName");
    const count = await tx.instance.count({ where: { serviceId: service.id } });
    if (count > 0) throw invalidField("confirmName", "service_in_use", { count });
    await tx.service.delete({ where: { id: service.id, accountId: account.id } });
    return { result: undefined, event: serviceEvent("service.removed", service) };
  },
});
