import { JsonTextScanner } from "@/lib/domain/json-text";
import { type HeaderList, headerField, isTakenAway, valuesOf } from "../headers";
import { type BodyMemory, HeldBody } from "../held-body";
import type { GateRequest } from "../messages";
import { bodyTimedOut, bodyTooLarge, type GateError, gateBusy, invalidBody } from "./denial";

/** A media type that every server reads as JSON in UTF-8 (RFC 8259 §8.1). */
const json = /^application\/json[ \t]*(?:;[ \t]*charset="?utf-8"?[ \t]*)?$/i;

/** Whether a body can be read as JSON in one way only, also by the upstream. Twins of the two fields count as them. */
function isPlainJson(headers: HeaderList): boolean {
  let types = 0;
  for (let at = 0; at < headers.length; at += 2) {
    const { name, merged } = headerField(headers[at] ?? "");
    if (merged === "content-encoding") return false;
    if (merged !== "content-type") continue;
    if (name !== merged || !json.test(headers[at + 1] ?? "")) return false;
    types++;
  }
  return types === 1 && !isTakenAway(headers, "content-type");
}

/** A request whose body was read for the name in it, and that name; or why it cannot be. */
export type NamingBody = { readonly name: string; readonly request: GateRequest } | GateError;

/**
 * Reads a body for the text at a pointer. All of it has to be there first: a second text could stand at its very end, and
 * the bytes that were judged are the bytes that go on. Each piece is read as it comes, so that nothing else waits for a
 * large one. Never rejects.
 *
 * @param accountId whose service it is for
 */
export async function readNamingBody(
  request: GateRequest,
  pointer: string,
  accountId: string,
  memory: BodyMemory,
): Promise<NamingBody> {
  const { body, headers, clientAddress } = request;
  if (body === null || !isPlainJson(headers)) return invalidBody;
  if (Number(valuesOf(headers, "content-length")[0] ?? 0) > memory.largestBytes) return bodyTooLarge;
  request.onBodyWanted?.();
  const scanner = new JsonTextScanner(pointer);
  const held = new HeldBody(memory, [`account ${accountId}`, `address ${clientAddress}`]);
  const fail = (error: GateError): GateError => {
    held.destroy();
    return error;
  };
  let late = false;
  const giveUp = () => {
    late = true;
    body.destroy();
  };
  const silence = setTimeout(giveUp, memory.pauseMs);
  const whole = setTimeout(giveUp, memory.wholeMs);
  let bytes = 0;
  try {
    for await (const chunk of body) {
      const piece = chunk as Buffer;
      bytes += piece.byteLength;
      if (bytes > memory.largestBytes) return fail(bodyTooLarge);
      scanner.write(piece);
      if (scanner.failed) return fail(invalidBody);
      const kept = held.add(piece);
      if (!(typeof kept === "boolean" ? kept : await kept)) return fail(gateBusy);
      silence.refresh();
    }
  } catch {
    // The client has left, or is too slow.
    return fail(late ? bodyTimedOut : invalidBody);
  } finally {
    clearTimeout(silence);
    clearTimeout(whole);
  }
  held.close();
  const said = scanner.end();
  if (said.kind !== "text") return fail(invalidBody);
  return { name: said.text, request: { ...request, body: held } };
}
