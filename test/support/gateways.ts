import { parse } from "node:querystring";

/** A request as an upstream gets it. */
export interface GatewayRequest {
  readonly method: string;
  readonly target: string;
  readonly headers: ReadonlyMap<string, string>;
  readonly body: Buffer;
}

/** What a request reaches: sessions by name, and `*` for what concerns all of them. */
export type Reach = (request: GatewayRequest) => readonly string[];

interface Parts {
  readonly segments: readonly string[];
  readonly query: Readonly<Record<string, readonly string[]>>;
  readonly json: Readonly<Record<string, unknown>>;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** What the most lenient server makes of a body: any charset's text as it stands, forms as well as JSON. */
function fieldsOf({ body, headers }: GatewayRequest): Record<string, unknown> {
  const text = body.toString("utf8").replace(/^\ufeff/, "");
  if (headers.get("content-type")?.includes("urlencoded")) return { ...parse(text) };
  try {
    const found: unknown = JSON.parse(text);
    return typeof found === "object" && found !== null ? (found as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

/** The name of a parameter: decoded once too often, to a NUL, without what makes lists and objects of it. */
const nameOf = (key: string) => decoded(key).replace(/^\?+|[[\].=&\0].*$/gs, "");

/** As lenient servers read a request: the path decoded by segment, dot segments resolved, brackets as lists. */
function partsOf(request: GatewayRequest): Parts {
  const url = new URL(`http://gateway.test${request.target}`);
  const segments = url.pathname.split("/").filter(Boolean).map(decoded);
  const query: Record<string, string[]> = Object.create(null);
  for (const [key, value] of url.searchParams) {
    // Some take a member of a prototype for one of the query's own.
    const [, inherited] = /^(?:__proto__|constructor\[prototype\])\[(.*)\]$/.exec(key) ?? [];
    const name = nameOf(inherited ?? key);
    query[name] = [...(query[name] ?? []), value];
  }
  return { segments, query, json: fieldsOf(request) };
}

const texts = (value: unknown): string[] =>
  [value].flat(9).flatMap((each) => (typeof each === "string" ? [each] : []));

/**
 * Evolution API v2: the instance is the last segment, any parameter of the query overrules it, and the body does where
 * the target has `/instance/create` anywhere (`src/api/abstract/abstract.router.ts`). socket.io takes whatever begins with its
 * path, and a socket joins what it likes. `s3` looks for media without asking whose they are (`s3.service.ts`).
 */
export const evolution: Reach = (request) => {
  const { segments, query, json } = partsOf(request);
  const [first = "", second = ""] = segments.map((segment) => segment.toLowerCase());
  if (request.target.startsWith("/socket.io/") || first === "s3") return ["*"];
  if (first === "instance" && ["create", "fetchinstances"].includes(second)) return ["*"];
  const overrule = request.target.includes("/instance/create") ? json : {};
  const named = segments.length >= 3 ? segments.slice(-1) : [];
  return [...texts(overrule.instanceName), ...(query.instanceName ?? []), ...named].slice(0, 1);
};

/**
 * WAHA: `/api/{session}/…` and `/api/sessions/{session}`, otherwise the query of a GET and the body of the rest. Without a type
 * Express reads no body, and without a session it is that of whoever has `default`.
 */
export const waha: Reach = (request) => {
  const { segments, query, json } = partsOf(request);
  const [api, first = "", second] = segments;
  const word = first.toLowerCase();
  if (segments.length === 0 || api?.toLowerCase() !== "api") {
    return api?.toLowerCase() === "ws" ? (query.session ?? ["*"]) : [];
  }
  if (word === "sessions") return second && !/^(?:start|stop|logout)$/i.test(second) ? [second] : ["*"];
  if (["server", "version", "keys", "tenants"].includes(word)) return ["*"];
  // One app is called by its id, whose ever it is; the list is a session's.
  const reads = /^(?:GET|HEAD)$/.test(request.method);
  if (word === "apps" && (second !== undefined || !reads)) return ["*"];
  if (word === "files") return second ? [second] : ["*"];
  if (segments.length > 2 && !["contacts", "send"].includes(word)) return [first];
  const body = request.headers.has("content-type") ? texts(json.session) : [];
  const named = reads ? query.session : body;
  return named && named.length > 0 ? named.slice(-1) : ["*"];
};

/** The secret key of the stand-in for WPPConnect. */
const secretKey = "secret";

/**
 * WPPConnect: `/api/{session}/…`, where a colon ends the name; its secret key stands there too, or behind it. What concerns all
 * sessions answers 400 to a wrong key, and goes on (`startAllSessions`, `restoreAllSessions`).
 */
export const wppconnect: Reach = (request) => {
  const { segments } = partsOf(request);
  const [api, session = "", key = "", last = ""] = segments;
  if (api?.toLowerCase() !== "api") return [];
  const concernsAll = /^(?:show-all-sessions|start-all|backup-sessions|restore-sessions)$/i.test(key);
  if (concernsAll && segments.length === 3) return ["*"];
  if (session === secretKey || (key === secretKey && last.toLowerCase() === "generate-token")) return ["*"];
  return [session.split(":")[0] ?? ""];
};

/** REST servers of whatsapp-web.js: the session is the third segment, of a WebSocket the last; three calls concern all of them. */
export const whatsappWebJs: Reach = (request) => {
  const { segments } = partsOf(request);
  const [first = "", second = "", session] = segments;
  if (request.target.startsWith("/ws/")) return segments.slice(-1);
  const concernsAll =
    segments.length === 2 && /^(?:terminateall|terminateinactive|getsessions)$/i.test(second);
  if (first.toLowerCase() === "session" && concernsAll) return ["*"];
  return session === undefined ? [] : [session];
};

/** Tokens of sessions as the stand-ins know them. */
const sessionByToken = (token: string | undefined): string[] =>
  token === undefined ? [] : [/^(.*)-token$/.exec(token)?.[1] ?? "nobody"];

/** wuzapi: the token of the session in a header, or in the query, or none; whatever is below `/admin` concerns all of them. */
export const wuzapi: Reach = (request) => {
  const { segments, query } = partsOf(request);
  if (segments[0]?.toLowerCase() === "admin") return ["*"];
  return sessionByToken(request.headers.get("token") ?? query.token?.[0] ?? "");
};

/** GREEN-API: `/waInstance{id}/{method}/{token}`; partners' calls concern all instances. */
export const greenApi: Reach = (request) => {
  const [first = "", , token] = partsOf(request).segments;
  if (first.toLowerCase() === "partner") return ["*"];
  const [, id] = /^wainstance(.*)$/i.exec(first) ?? [];
  return id === undefined ? [] : [id, ...sessionByToken(token)];
};

/** Telegram's Bot API, and a server of one's own: the bot by its token. */
export const telegram: Reach = (request) => {
  const { segments } = partsOf(request);
  const named = segments[0]?.toLowerCase() === "file" ? segments[1] : segments[0];
  return sessionByToken(/^bot(.*)$/i.exec(named ?? "")?.[1]);
};

/** Z-API: `/instances/{id}/token/{token}/...`. */
export const zApi: Reach = (request) => {
  const [first = "", id, , token] = partsOf(request).segments;
  if (first.toLowerCase() !== "instances") return [];
  return id === undefined ? ["*"] : [id, ...sessionByToken(token)];
};
