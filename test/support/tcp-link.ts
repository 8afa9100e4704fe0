import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";

/** A connection between a process and its database that a test can cut. */
export interface TcpLink {
  /** The same address, led through the link. */
  readonly url: string;
  /** Ends all connections and takes no new ones. */
  cut(): void;
  /** Lets nothing through any more, without a word; connections stay open. */
  silence(): void;
  mend(): void;
  close(): Promise<void>;
}

/** Opens a link to the server that a URL names. */
export async function openTcpLink(target: string): Promise<TcpLink> {
  const to = new URL(target);
  const open = new Set<Socket>();
  let state: "whole" | "cut" | "silent" = "whole";
  const server = createServer((near) => {
    if (state === "cut") {
      near.destroy();
      return;
    }
    const far = connect(Number(to.port || 5432), to.hostname);
    for (const [from, other] of [
      [near, far],
      [far, near],
    ] as const) {
      open.add(from);
      from.on("error", () => other.destroy());
      from.on("close", () => {
        open.delete(from);
        other.destroy();
      });
      from.on("data", (chunk) => {
        if (state === "whole") other.write(chunk);
      });
    }
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = new URL(target);
  url.hostname = "127.0.0.1";
  url.port = String((server.address() as AddressInfo).port);
  const endAll = () => {
    for (const socket of open) socket.destroy();
  };
  return {
    url: url.href,
    cut() {
      state = "cut";
      endAll();
    },
    silence() {
      state = "silent";
    },
    mend() {
      // What was said into the silence is lost, so its connections are of no use.
      if (state === "silent") endAll();
      state = "whole";
    },
    async close() {
      endAll();
      server.close();
      await once(server, "close");
    },
  };
}
