import { randomBytes } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { Readable } from "node:stream";
import { config } from "@/lib/config";
import type { HeaderLine } from "@/lib/domain/forwarded-headers";
import { peerClient } from "../net/client-address";
import { ClientBody } from "./client-body";
import { ConnectionMemo } from "./connection-memo";
import type { GateRequest } from "./messages";

function pairsOf(raw: readonly string[]): HeaderLine[] {
  const lines: HeaderLine[] = [];
  for (let at = 1; at < raw.length; at += 2) lines.push([(raw[at - 1] ?? "").toLowerCase(), raw[at] ?? ""]);
  return lines;
}

let pinned: "http" | "https" | null | undefined;

/** The scheme that the configuration fixes; null when each request tells. */
function pinnedProtocol(): "http" | "https" | null {
  if (pinned === undefined) {
    const url = config().gateUrl ?? config().url;
    pinned = url === undefined ? null : url.startsWith("https:") ? "https" : "http";
  }
  return pinned;
}

const never = new AbortController().signal;

const memos = new WeakMap<object, ConnectionMemo>();

function memoOf(connection: object): ConnectionMemo {
  let memo = memos.get(connection);
  if (!memo) {
    memo = new ConnectionMemo();
    memos.set(connection, memo);
  }
  return memo;
}

/** Told apart from those of other processes and of earlier lives of this one. */
const idPrefix = `${randomBytes(8).toString("hex")}-`;
let lastId = 0;

/** A request as node:http received it. Nothing is computed before it is asked for twice. */
export class NodeRequest implements GateRequest {
  readonly id = idPrefix + (++lastId).toString(36);
  readonly method: string;
  readonly target: string;
  readonly headers: readonly HeaderLine[];
  readonly body: Readable | null;
  readonly bodyOutOfReach = false;
  readonly clientAddress: string | null;
  readonly host: string | null;
  readonly protocol: "http" | "https";
  readonly memo: ConnectionMemo;

  constructor(incoming: IncomingMessage) {
    this.method = incoming.method ?? "GET";
    this.target = incoming.url ?? "/";
    const headers = pairsOf(incoming.rawHeaders);
    this.headers = headers;
    let host: string | undefined;
    let hasBody = false;
    for (const [name, value] of headers) {
      if (name === "host") host = value;
      else if (name === "transfer-encoding" || (name === "content-length" && Number(value) > 0))
        hasBody = true;
    }
    this.body = hasBody ? new ClientBody(incoming) : null;
    const client = peerClient(incoming.socket.remoteAddress, headers);
    this.clientAddress = client.address;
    this.memo = memoOf(incoming.socket);
    this.host = client.host ?? this.memo.host(host);
    this.protocol = pinnedProtocol() ?? client.protocol ?? "http";
  }

  /** Never fires: this door ends exchanges itself. */
  get signal(): AbortSignal {
    return never;
  }
}
