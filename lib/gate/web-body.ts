import { Readable } from "node:stream";

/** How the streams of this door end early; Next.js logs errors of any other name as its own failure. */
function brokenOff(cause: unknown): Error {
  const error = new Error("the body broke off", { cause });
  error.name = "AbortError";
  return error;
}

/**
 * Reads a web stream as a Node.js one, at the pace of its reader. Destroying it does not cancel the web
 * stream, which would close the client's connection before it has read an early answer; what the client
 * still sends is read and dropped.
 */
export function readableFromWeb(stream: ReadableStream<Uint8Array>): Readable {
  const reader = stream.getReader();
  const drop = async () => {
    while (!(await reader.read()).done);
  };
  return new Readable({
    read() {
      reader.read().then(
        ({ done, value }) => this.push(done ? null : value),
        (error) => this.destroy(brokenOff(error)),
      );
    },
    destroy(error, callback) {
      drop().catch(() => {});
      callback(error);
    },
  });
}

/** Bytes the client may be behind before the upstream is made to wait. */
const windowBytes = 64 * 1024;

/**
 * Offers a Node.js stream as a web one, at the pace of its reader. A broken stream stays broken: its
 * reader sees an error, never an end.
 */
export function webFromReadable(body: Readable): ReadableStream<Uint8Array> {
  return new ReadableStream<Uint8Array>(
    {
      start(controller) {
        // Next.js sends the head with the first chunk; a stream of events may be silent for long.
        controller.enqueue(new Uint8Array(0));
        body.on("data", (chunk: Uint8Array) => {
          controller.enqueue(chunk);
          if ((controller.desiredSize ?? 0) <= 0) body.pause();
        });
        body.on("end", () => controller.close());
        body.on("error", (error) => controller.error(brokenOff(error)));
        body.pause();
      },
      pull() {
        body.resume();
      },
      cancel() {
        body.on("error", () => {}).destroy();
      },
    },
    new ByteLengthQueuingStrategy({ highWaterMark: windowBytes }),
  );
}
