import { once } from "node:events";
import type { Server } from "node:net";
import { codeOf, StartError } from "./start-error";

/**
 * Listens and returns the port, which the system picks when `port` is 0.
 *
 * @throws StartError when the port is taken, privileged, or the address is not this machine's
 */
export async function listen(server: Server, port: number, host: string): Promise<number> {
  const place = `${host}:${port}`;
  try {
    server.listen(port, host);
    await once(server, "listening");
  } catch (error) {
    const reasons: Readonly<Record<string, string>> = {
      EADDRINUSE: `port ${port} is in use on ${host}. Stop the other program, or choose another port: PORT=${port + 1} npm start`,
      EACCES: `this user may not listen on port ${port}: choose one above 1023 with PORT`,
      EADDRNOTAVAIL: `${host} is not an address of this machine: correct HOST (0.0.0.0 means all of them)`,
      ENOTFOUND: `${host} is not a name of this machine: correct HOST (0.0.0.0 means all of them)`,
    };
    const reason = reasons[codeOf(error)];
    throw new StartError(reason ? `${reason}.` : `cannot listen on ${place}: ${codeOf(error)}.`, {
      cause: error,
    });
  }
  const address = server.address();
  return typeof address === "object" && address !== null ? address.port : port;
}
