import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { Server as SocketServer } from "socket.io";
import { WebSocketServer } from "ws";
import { evolution, type GatewayRequest, type Reach, waha, wppconnect } from "./gateways";

/** A stand-in of a gateway: its documented routes, what it asks for, its errors, its list call. Its sessions are in memory. */
export interface GatewayServer {
  readonly url: string;
  /** Which session each request reached that it let in; `*` for all of them. */
  readonly reached: string[];
  /** Every header line it got, for what must not be among them. */
  readonly headers: string[];
  close(): Promise<void>;
}

/** The one key of each stand-in. */
export const gatewayKey = "global-key";

/** The key for one session that the stand-in of WAHA gave out. */
export const sessionKeyOf = (session: string) => `key-of-${session}`;

/** The token that the stand-in of WPPConnect gave a session. */
const sessionTokenOf = (session: string) => `token-of-${session}`;

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

interface Gateway {
  readonly reach: Reach;
  /** null lets a request in; otherwise its own words for one that it does not. */
  readonly refuses: (request: GatewayRequest) => Answer | null;
  readonly answers: (request: GatewayRequest, sessions: readonly string[]) => Answer;
}

const known = ["foo", "bar"];
const pathOf = ({ target }: GatewayRequest) => target.split("?", 1)[0] ?? "";

const gateways = {
  evolution: {
    reach: evolution,
    refuses: ({ headers }) =>
      headers.get("apikey") === gatewayKey
        ? null
        : {
            status: 401,
            body: { status: 401, error: "Unauthorized", response: { message: "Unauthorized" } },
          },
    answers(request, [session = ""]) {
      const path = pathOf(request).toLowerCase();
      if (path.endsWith("/fetchinstances"))
        return {
          status: 200,
          body: known.map((name) => ({ name, token: `key-of-${name}`, connectionStatus: "open" })),
        };
      if (!known.includes(session))
        return {
          status: 404,
          body: {
            status: 404,
            error: "Not Found",
            response: { message: [`The "${session}" instance does not exist`] },
          },
        };
      const sent = {
        key: { remoteJid: "1@s.whatsapp.net", fromMe: true },
        status: "PENDING",
        instance: session,
      };
      return path.startsWith("/message/")
        ? { status: 201, body: sent }
        : { status: 200, body: { instance: { instanceName: session, state: "open" } } };
    },
  },
  waha: {
    reach: waha,
    refuses: (request) =>
      request.headers.get("x-api-key") === gatewayKey || pathOf(request) === "/ping"
        ? null
        : { status: 401, body: { message: "Unauthorized", statusCode: 401 } },
    answers(request, [session = ""]) {
      const path = pathOf(request);
      if (path === "/ping") return { status: 200, body: { message: "pong" } };
      if (path === "/api/sessions")
        return { status: 200, body: known.map((name) => ({ name, status: "WORKING", config: {} })) };
      if (!known.includes(session))
        return {
          status: 422,
          body: { error: "Session does not exist", session, message: `Session '${session}' does not exist` },
        };
      return { status: 201, body: { id: "true_1@c.us_A", session } };
    },
  },
  wppconnect: {
    reach: wppconnect,
    refuses({ headers, ...request }) {
      const [, , session = ""] = pathOf({ headers, ...request }).split("/");
      const [name = "", inPath] = session.split(":");
      const given = inPath ?? headers.get("authorization")?.replace(/^Bearer /, "");
      if (given === undefined)
        return { status: 401, body: { message: "Token is not present. Check your header and try again" } };
      return given === sessionTokenOf(name)
        ? null
        : { status: 401, body: { error: "Check that the Session and Token are correct" } };
    },
    answers: (_request, [session = ""]) =>
      known.includes(session)
        ? {
            status: 201,
            body: { status: "success", response: [{ id: "true_1@c.us_A" }], mapper: "return", session },
          }
        : {
            status: 404,
            body: { response: null, status: "Disconnected", message: "A sessão do WhatsApp não está ativa." },
          },
  },
} as const satisfies Record<string, Gateway>;

async function requestOf(incoming: IncomingMessage): Promise<GatewayRequest> {
  const { method = "", url: target = "", headers } = incoming;
  const lines = Object.entries(headers).map(([name, value]) => [name, String(value)] as const);
  return { method, target, headers: new Map(lines), body: Buffer.concat(await incoming.toArray()) };
}

/** Starts one on a free port of loopback. Evolution's speaks socket.io and WAHA's WebSocket as theirs do. */
export async function startGateway(kind: keyof typeof gateways): Promise<GatewayServer> {
  const { reach, refuses, answers }: Gateway = gateways[kind];
  const [reached, headers]: [string[], string[]] = [[], []];
  const serve = async (incoming: IncomingMessage, response: ServerResponse) => {
    const request = await requestOf(incoming);
    headers.push(...incoming.rawHeaders);
    const refused = refuses(request);
    const sessions = reach(request);
    if (!refused) reached.push(...sessions);
    const { status, body } = refused ?? answers(request, sessions);
    response
      .writeHead(status, { "content-type": "application/json; charset=utf-8" })
      .end(JSON.stringify(body));
  };
  const server = createServer((incoming, response) => void serve(incoming, response));
  const io = kind === "evolution" ? new SocketServer(server, { transports: ["polling", "websocket"] }) : null;
  for (const namespace of ["/", /^\/[a-z]+$/])
    io?.of(namespace).on("connection", (socket) => {
      socket.on("say", (text: string, answer: (text: string) => void) =>
        answer(`${socket.nsp.name} ${text}`),
      );
      socket.emit("connection.update", { instance: socket.nsp.name.slice(1), state: "open" });
    });
  const sockets = kind === "waha" ? new WebSocketServer({ server, path: "/ws" }) : null;
  sockets?.on("connection", (socket, { url = "" }) => {
    const query = new URL(url, "http://waha").searchParams;
    const session = query.get("session") ?? "*";
    // `WebSocketAuth.ts` looks for it nowhere else.
    const key = query.get("x-api-key");
    if (key === gatewayKey || key === sessionKeyOf(session))
      socket.send(JSON.stringify({ event: "session.status", session }));
    else socket.close(1008, "Unauthorized");
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    reached,
    headers,
    async close() {
      sockets?.close();
      await io?.close();
      server.closeAllConnections();
      server.close();
    },
  };
}
