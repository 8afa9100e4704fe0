import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";

/** What an upstream says, one character for each byte, and whether it closes the connection behind it. */
export interface WireScript {
  readonly bytes: string;
  readonly ends?: boolean;
}

/** An upstream without a server library: it reads requests and writes the bytes that it was given. */
export interface WireUpstream {
  readonly url: string;
  /** Every request since the last `say`: its head and its body, as they came. */
  readonly requests: readonly string[];
  /** What has come of a request that is not complete yet. */
  readonly partial: string;
  /** Answers before the end of the requests that are not complete. */
  interrupt(): void;
  /** Answers every request from now on with this. */
  say(script: WireScript): void;
  close(): Promise<void>;
}

/** The first request in what has come, body and all; null while it is not complete. */
function firstRequest(text: string): string | null {
  const end = text.indexOf("\r\n\r\n") + 4;
  if (end < 4) return null;
  const head = text.slice(0, end);
  if (/\r\ntransfer-encoding: chunked\r\n/i.test(head)) {
    const last = text.indexOf("0\r\n\r\n", end);
    return last < 0 ? null : text.slice(0, last + 5);
  }
  const length = Number(/\r\ncontent-length: (\d+)\r\n/i.exec(head)?.[1] ?? 0);
  return text.length < end + length ? null : text.slice(0, end + length);
}

/** Starts one on a free loopback port. */
export async function startWireUpstream(): Promise<WireUpstream> {
  let script: WireScript = { bytes: "", ends: true };
  let requests: string[] = [];
  const open = new Map<Socket, string>();
  const answer = (socket: Socket) => {
    const { bytes, ends } = script;
    socket.write(Buffer.from(bytes, "latin1"), () => {
      if (ends) socket.end();
    });
  };
  const server = createServer((socket) => {
    open.set(socket.setNoDelay(), "");
    socket.on("error", () => socket.destroy()).on("close", () => open.delete(socket));
    socket.on("data", (chunk) => {
      let text = (open.get(socket) ?? "") + chunk.toString("latin1");
      for (let request = firstRequest(text); request !== null; request = firstRequest(text)) {
        text = text.slice(request.length);
        requests.push(request);
        answer(socket);
      }
      open.set(socket, text);
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    get requests() {
      return requests;
    },
    get partial() {
      return [...open.values()].join("");
    },
    interrupt() {
      for (const [socket, text] of open) if (text !== "") answer(socket);
    },
    say(next) {
      script = next;
      requests = [];
    },
    async close() {
      for (const socket of open.keys()) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}
