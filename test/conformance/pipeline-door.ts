import { Readable } from "node:stream";
import { type Dispatcher, errors } from "undici";
import { seal } from "@/lib/crypto/sealed-box";
import { compileAddressList } from "@/lib/domain/address-list";
import type { AnswerStyle } from "@/lib/domain/answer-style";
import { safeHost } from "@/lib/domain/forwarded-headers";
import { type Gate, serve } from "@/lib/gate/doors/next";
import type { GateRequest } from "@/lib/gate/messages";
import { claimsOf, resolveClient } from "@/lib/net/client-address";
import { testBodies } from "../support/gate";
import { type Door, type HeaderLine, pairLines, type Received, type UpstreamAnswer, valuesOf } from "./case";
import type { Naming } from "./naming";
import { policyOf, type World } from "./world";

const upstream = "http://upstream.test";

const trusted = compileAddressList(["127.0.0.0/8"]);

async function readAll(body: Readable | string | null): Promise<string> {
  if (body === null || typeof body === "string") return body ?? "";
  const chunks: Buffer[] = [];
  for await (const chunk of body) chunks.push(Buffer.from(chunk as Uint8Array));
  return Buffer.concat(chunks).toString("latin1");
}

/** Stands in for undici: records a request and answers it from memory. */
function recordingPools(answer: UpstreamAnswer, received: Received[]): Gate["pools"] {
  async function play(
    origin: string,
    options: Dispatcher.DispatchOptions,
    handler: Dispatcher.DispatchHandler,
  ) {
    const controller = { pause() {}, resume() {}, abort() {} } as unknown as Dispatcher.DispatchController;
    handler.onRequestStart?.(controller, {});
    if (origin.endsWith(":1")) throw new Error("nobody there");
    const body = await readAll(options.body as Readable | null);
    const headers = pairLines(options.headers as string[]);
    received.push({ method: options.method, target: options.path, headers, body });
    if (answer.silent && options.headersTimeout) throw new errors.HeadersTimeoutError();
    const fields = new Map<string, string[]>();
    for (const [name, value] of answer.headers ?? []) {
      fields.set(name.toLowerCase(), [...(fields.get(name.toLowerCase()) ?? []), value]);
    }
    handler.onResponseStart?.(controller, answer.status ?? 200, Object.fromEntries(fields), "");
    handler.onResponseData?.(controller, Buffer.from(answer.body ?? "", "latin1"));
    handler.onResponseEnd?.(controller, {});
  }
  return {
    dispatch(origin, options, handler) {
      play(origin, options, handler).catch((error: Error) => handler.onResponseError?.(null as never, error));
      return () => {};
    },
  };
}

function bodyOf(text: string | undefined, lines: readonly HeaderLine[]): Readable | null {
  if (text === undefined) return null;
  const chunked = valuesOf(lines, "transfer-encoding").length > 0;
  const content = chunked ? (/^[0-9a-f]+\r\n(.*)\r\n0\r\n\r\n$/s.exec(text)?.[1] ?? "") : text;
  return Readable.from([Buffer.from(content, "latin1")]);
}

/** The pipeline on its own: no server, no socket, no database. Instances are called by a naming too, where one is given. */
export function pipelineDoor(
  world: World,
  { naming, style }: { readonly naming?: Naming; readonly style?: AnswerStyle } = {},
): Door {
  return {
    kind: "pipeline",
    upstream,
    async run(entry, canned) {
      const received: Received[] = [];
      const headers = (entry.headers ?? []).map(
        ([name, value]): HeaderLine => [name.toLowerCase(), value.replace(/^[ \t]+|[ \t]+$/g, "")],
      );
      const claims = claimsOf({ get: (name) => valuesOf(headers, name).join(", ") || null });
      const client = resolveClient("127.0.0.1", claims, trusted);
      const request: GateRequest = {
        id: "test",
        method: entry.method ?? "GET",
        target: entry.target,
        headers: headers.flat(),
        body: bodyOf(entry.body, headers),
        bodyOutOfReach: false,
        clientAddress: client.address,
        host: client.host ?? safeHost(valuesOf(headers, "host")[0]),
        protocol: client.protocol ?? "http",
      };
      const gate: Gate = {
        bodies: testBodies,
        readPolicy: async (key) => {
          const id = naming?.idOf(key, world) ?? key;
          const policy = policyOf(id, world, upstream, seal, style);
          return policy && { ...policy, key, serviceId: naming?.serviceIdOf(id, world) ?? null };
        },
        ...(naming && { readDirectory: () => naming.directory(world, upstream, style) }),
        pools: recordingPools(canned, received),
        now: () => new Date(),
        ownHostName: null,
        log: { info() {}, error() {} },
      };
      const response = await serve(request, gate, new AbortController().signal);
      const body = await readAll(response.body);
      return { answer: { status: response.status, headers: pairLines(response.headers), body }, received };
    },
  };
}
