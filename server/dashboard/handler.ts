import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import compression from "compression";
import pg from "pg";
import type { AddressList } from "@/lib/domain/address-list";
import { doorTarget, isInstanceTarget } from "@/lib/domain/instance-url";
import { requestedHost } from "@/lib/gate/doors/node-messages";
import { answerJson, answerReadiness, asksForPage, type Readiness } from "../http/answers";
import { rejectInvalidHeads } from "../http/request-head";
import {
  absoluteHost,
  dashboardTarget,
  isOnGateHost,
  normalizeTarget,
  notFound,
  type OwnOrigins,
} from "../http/request-target";
import type { SeenPeers } from "../http/seen-peers";
import { migrationState, readMigrations } from "../migrations/history";
import { comesFromGate, linesAddedByGate, sanitizeHeaders } from "./incoming-headers";
import { rejectMalformedAction } from "./malformed-action";
import { tellMissingPagesInJson } from "./missing-page";

const answerWithinMs = 3000;

/** Tells whether the database answers and has every migration of this checkout. */
export class ReadinessCheck {
  readonly #pool: pg.Pool;
  #migrated = false;

  constructor(databaseUrl: string) {
    // Its own connection: a busy dashboard must not look like a broken database.
    this.#pool = new pg.Pool({
      connectionString: databaseUrl,
      max: 1,
      connectionTimeoutMillis: answerWithinMs,
      query_timeout: answerWithinMs,
      statement_timeout: answerWithinMs,
      lock_timeout: answerWithinMs,
      allowExitOnIdle: true,
      application_name: "latchkey-readiness",
    });
    this.#pool.on("error", () => {});
  }

  /** Never rejects. */
  async check(): Promise<Exclude<Readiness, "stopping">> {
    try {
      await this.#pool.query("select 1");
      if (!this.#migrated) {
        const { pending } = await migrationState(this.#pool, await readMigrations());
        this.#migrated = pending.length === 0;
      }
      return this.#migrated ? "ready" : "migrations";
    } catch {
      return "database";
    }
  }
}

/** What the handler stands on. */
interface HandlerParts {
  /** Next.js. */
  readonly next: (request: IncomingMessage, response: ServerResponse) => Promise<void>;
  readonly readiness: () => Promise<Readiness>;
  /** Whether requests to this host name are for instances, whatever their path. */
  readonly isInstanceHost: (host: string | null) => Promise<boolean>;
  readonly trustedProxies: AddressList;
  readonly places: OwnOrigins;
  readonly seen: SeenPeers;
  readonly onError: (error: unknown) => void;
}

/** The methods a route handler can have; Next.js answers others with errors of its own. */
const methods = new Set(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]);

const compress = compression();

function compressed(request: IncomingMessage, response: ServerResponse, then: () => void): void {
  // The package is typed for Express, yet uses nothing that node:http does not have.
  (compress as unknown as (req: IncomingMessage, res: ServerResponse, next: () => void) => void)(
    request,
    response,
    then,
  );
}

function answerItself(path: string, response: ServerResponse, parts: HandlerParts): boolean {
  if (path === "/healthz") answerJson(response, 200, { status: "ok" });
  else if (path === "*") response.writeHead(204).end();
  else if (path === "/readyz")
    parts
      .readiness()
      .then((state) => answerReadiness(response, state))
      .catch(parts.onError);
  else return false;
  return true;
}

function toNext(response: ServerResponse, parts: HandlerParts, answer: () => Promise<void>): void {
  answer().catch((error: unknown) => {
    parts.onError(error);
    if (response.headersSent) response.destroy();
    else answerJson(response, 500, { error: "Internal error" });
  });
}

/** Whether requests to a host are for instances. While nobody knows, they are not, so that the probes are answered. */
async function isHostOfInstances(host: string | null, { isInstanceHost, onError }: HandlerParts) {
  try {
    return await isInstanceHost(host);
  } catch (error) {
    onError(error);
    return false;
  }
}

/**
 * The dashboard's front: answers the probes itself and hands to Next.js what is a page, a route or a static file of
 * ours, with headers that can be believed; on the gate's own host name and those of instances and services, instances alone. An instance request reaches
 * its route whatever its path looks like, with the raw target beside it, so nothing in URL normalisation can alter
 * what is decided or forwarded.
 */
export function dashboardHandler(parts: HandlerParts): RequestListener {
  const isRejected = rejectInvalidHeads(() => {});
  return (request, response) => {
    const addedByGate = linesAddedByGate(request);
    if (isRejected(request, response, addedByGate)) return;
    const named = absoluteHost(request.url ?? "/");
    if (named === null) addressed(request, response, parts, false);
    else void isHostOfInstances(named, parts).then((known) => addressed(request, response, parts, known));
  };
}

/** @param namesInstances its target is in absolute form, with a host of instances */
function addressed(
  request: IncomingMessage,
  response: ServerResponse,
  parts: HandlerParts,
  namesInstances: boolean,
): void {
  const misaddressed = normalizeTarget(request, parts.places, () => namesInstances);
  if (misaddressed) {
    answerJson(response, misaddressed.status, { error: misaddressed.error });
    return;
  }
  const target = request.url ?? "/";
  if (isInstanceTarget(target)) handOn(request, response, parts, true);
  else if (comesFromGate(request)) handOn(request, response, parts, false);
  else
    void isHostOfInstances(requestedHost(request), parts).then((isInstance) =>
      handOn(request, response, parts, isInstance && target !== "*"),
    );
}

function handOn(
  request: IncomingMessage,
  response: ServerResponse,
  parts: HandlerParts,
  isInstance: boolean,
): void {
  const target = request.url ?? "/";
  if (!methods.has(request.method ?? "")) {
    answerJson(response, 405, { error: "Method not supported" }, { allow: [...methods].join(", ") });
    return;
  }
  if (!isInstance && answerItself(target.split("?", 1)[0] ?? "", response, parts)) return;
  const onward = isInstance
    ? doorTarget
    : isOnGateHost(request, parts.places)
      ? null
      : dashboardTarget(target);
  if (onward === null) {
    answerJson(response, notFound.status, { error: notFound.error });
    return;
  }
  // The gate has counted what comes through it.
  if (!comesFromGate(request)) parts.seen.note(request);
  const next = () => parts.next(request, response);
  sanitizeHeaders(request, isInstance ? target : undefined, parts.trustedProxies);
  request.url = onward;
  if (isInstance) {
    // Flushed before the body, the head would be written in UTF-8, whatever bytes the upstream sent.
    response.flushHeaders = () => {};
    toNext(response, parts, next);
  } else {
    if (!asksForPage(request)) tellMissingPagesInJson(response);
    compressed(request, response, () =>
      toNext(response, parts, () => rejectMalformedAction(request, response, next)),
    );
  }
}
