import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { AnswerWatch } from "./upstream-socket";

/** What comes out when these bytes arrive in pieces that end at the cuts. */
function watched(text: string, cuts: readonly number[]): string {
  const watch = new AnswerWatch();
  watch.requested();
  const bytes = Buffer.from(text, "latin1");
  let at = 0;
  for (const cut of [...cuts, bytes.length].sort((a, b) => a - b)) {
    watch.take(bytes.subarray(at, cut));
    at = Math.max(at, cut);
  }
  return bytes.toString("latin1");
}

const final = "HTTP/1.1 200 OK\r\nX: HTTP/1.1 100\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n";
const interim = fc.constantFrom(
  ["HTTP/1.1 100 Continue\r\n\r\n", "HTTP/1.1 109 Continue\r\n\r\n"],
  ["HTTP/1.0 100\r\nX: 1\r\nY: \r\r\n\r\n", "HTTP/1.0 109\r\nX: 1\r\nY: \r\r\n\r\n"],
  ["HTTP/1.1 102 Processing\r\n\r\n", "HTTP/1.1 102 Processing\r\n\r\n"],
  ["HTTP/1.1 103 Early Hints\r\nLink: <a>\r\n\r\n", "HTTP/1.1 103 Early Hints\r\nLink: <a>\r\n\r\n"],
);

describe("an answer on its way to the parser", () => {
  test("has the status of every 100 before it changed and nothing else, however the bytes arrive", () => {
    fc.assert(
      fc.property(fc.array(interim), fc.array(fc.nat(200)), (before, cuts) => {
        const sent = before.map(([text]) => text).join("") + final;
        const expected = before.map(([, text]) => text).join("") + final;
        const within = cuts.map((cut) => Math.min(cut, sent.length));
        expect(watched(sent, within)).toBe(expected);
      }),
    );
  });

  test.each([
    ["a switch to another protocol", "HTTP/1.1 101 Switching\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n"],
    ["what is no HTTP", "SSH-2.0\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n"],
    ["a longer status", "HTTP/2.0000 100 Continue\r\n\r\n"],
  ])("is left alone behind %s", (_name, text) => {
    expect(watched(text, [])).toBe(text);
  });
});
