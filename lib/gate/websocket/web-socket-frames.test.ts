import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { closeFrame, WebSocketFrames } from "./tunnel";

/** A frame as a server or, masked, a client writes it. */
function frame(length: number, masked: boolean): Buffer {
  const size =
    length < 126
      ? [length]
      : length < 65_536
        ? [126, length >> 8, length & 255]
        : [127, 0, 0, 0, 0, 0, 1, 0, 0];
  const head = [
    0x82,
    (size[0] ?? 0) | (masked ? 0x80 : 0),
    ...size.slice(1),
    ...(masked ? [1, 2, 3, 4] : []),
  ];
  return Buffer.concat([Buffer.from(head), Buffer.alloc(length, 0xff)]);
}

describe("where a WebSocket's frames end", () => {
  test("is known however the bytes arrive", () => {
    const lengths = fc.constantFrom(0, 1, 125, 126, 127, 1000, 65_535, 65_536);
    fc.assert(
      fc.property(
        fc.array(fc.tuple(lengths, fc.boolean()), { minLength: 1, maxLength: 5 }),
        fc.array(fc.integer({ min: 1, max: 4000 }), { minLength: 1, maxLength: 10 }),
        (frames, cuts) => {
          const ends = new Set<number>();
          let total = 0;
          const bytes = Buffer.concat(
            frames.map(([length, masked]) => {
              const one = frame(length, masked);
              total += one.length;
              ends.add(total);
              return one;
            }),
          );
          const tracker = new WebSocketFrames();
          expect(tracker.betweenFrames).toBe(true);
          for (let at = 0, n = 0; at < bytes.length; n++) {
            const cut = cuts[n % cuts.length] ?? 1;
            tracker.take(bytes.subarray(at, at + cut));
            at = Math.min(at + cut, bytes.length);
            expect(tracker.betweenFrames).toBe(ends.has(at));
          }
        },
      ),
      { numRuns: 50 },
    );
  });

  test("a close frame says why", () => {
    expect(closeFrame(1008)).toEqual(Buffer.from([0x88, 2, 0x03, 0xf0]));
  });
});
