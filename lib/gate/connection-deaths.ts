import type { buildConnector } from "undici";

/** Bytes that a connection had brought before it died of this error. */
const broughtBefore = new WeakMap<Error, number>();

/** Makes a connector whose connections tell how far they had come when they broke. */
export function notingDeaths(connect: buildConnector.connector): buildConnector.connector {
  return (options, callback) => {
    connect(options, (...result: Parameters<buildConnector.Callback>) => {
      const [, socket] = result;
      socket?.on("error", (error) => broughtBefore.set(error, socket.bytesRead));
      callback(...result);
    });
  };
}

const deaths: ReadonlySet<string> = new Set(["UND_ERR_SOCKET", "ECONNRESET", "EPIPE"]);

function bytesBrought(error: Error): number {
  const noted = broughtBefore.get(error);
  if (noted !== undefined) return noted;
  if (!("socket" in error) || typeof error.socket !== "object" || error.socket === null) return 0;
  return "bytesRead" in error.socket && typeof error.socket.bytesRead === "number"
    ? error.socket.bytesRead
    : 0;
}

/**
 * True when an exchange failed because the connection it was given, used before, was closed by the other
 * side. It may have been closed before the request arrived, as servers do with idle connections.
 */
export function diedInReuse(error: Error): boolean {
  const code = "code" in error && typeof error.code === "string" ? error.code : "";
  return deaths.has(code) && bytesBrought(error) > 0;
}
