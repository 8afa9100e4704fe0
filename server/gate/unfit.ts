import type { IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { lingerOn } from "@/lib/gate/linger";
import { answerJson } from "../dashboard/answer";
import { headTooLarge, mostHeadLines } from "../request-head";
import { announcesBody } from "./incoming";

/** Why a request is refused before anybody looks at what it asks for. */
export interface Unfit {
  readonly status: 400 | 417 | 431 | 501 | 505;
  readonly error: string;
}

const version: Unfit = { status: 505, error: "HTTP version not supported" };
const host: Unfit = { status: 400, error: "Exactly one Host is needed" };
const expectation: Unfit = { status: 417, error: "Expectation not supported" };
const coding: Unfit = { status: 501, error: "Transfer coding not supported" };

/** A list of nothing but 100-continue, or of nothing. */
const onlyContinue = /^[\t ,]*(?:100-continue[\t ]*(?:,[\t ,]*|$))*$/i;

/**
 * Finds what node:http lets through though two servers could read it differently: heads so long that one
 * of them may lose lines, HTTP/0.9, no or several hosts (RFC 9112 §3.2), and codings beside chunked, which
 * would pass as content (§6.1). Also what it answers in words of its own, or not at all: expectations other
 * than 100-continue (RFC 9110 §10.1.1).
 *
 * @param linesAdded header lines that are not the client's
 */
export function unfitness({ httpVersion, rawHeaders }: IncomingMessage, linesAdded = 0): Unfit | null {
  if (rawHeaders.length > 2 * (mostHeadLines + linesAdded)) return headTooLarge;
  if (httpVersion !== "1.1" && httpVersion !== "1.0") return version;
  let hosts = 0;
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    const name = rawHeaders[at] ?? "";
    if (name.length === 4) {
      if (name.toLowerCase() === "host") hosts++;
    } else if (name.length === 6 && name.toLowerCase() === "expect") {
      if (!onlyContinue.test(rawHeaders[at + 1] ?? "")) return expectation;
    } else if (name.length === 17 && name.toLowerCase() === "transfer-encoding") {
      if (rawHeaders[at + 1]?.trim().toLowerCase() !== "chunked") return coding;
    }
  }
  return hosts === 1 || (hosts === 0 && httpVersion === "1.0") ? null : host;
}

/**
 * Makes the first look at every request of a server: true when it was refused, or follows one that was on
 * its connection, of which it may be a part.
 */
export function unfitRefuser(tell: (incoming: IncomingMessage, unfit: Unfit) => void) {
  const refused = new WeakSet<Socket>();
  return (incoming: IncomingMessage, response: ServerResponse, linesAdded = 0): boolean => {
    if (refused.has(incoming.socket)) return true;
    const unfit = unfitness(incoming, linesAdded);
    if (!unfit) return false;
    refused.add(incoming.socket);
    response.shouldKeepAlive = false;
    tell(incoming, unfit);
    if (announcesBody(incoming)) lingerOn(incoming);
    answerJson(response, unfit.status, { error: unfit.error });
    return true;
  };
}
