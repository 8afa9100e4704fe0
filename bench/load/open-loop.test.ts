import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import { answerIn, percentile, sendAtConstantRate } from "./open-loop";

test("a percentile is the smallest value that the share of all values does not exceed, in any order", () => {
  const hundred = Array.from({ length: 100 }, (_, index) => 100 - index);
  expect(percentile(hundred, 0.5)).toBe(50);
  expect(percentile(hundred, 0.99)).toBe(99);
  expect(percentile(hundred, 1)).toBe(100);
  expect(percentile([7], 0.01)).toBe(7);
  expect(percentile([], 0.5)).toBeNaN();
});

test("an answer is told by its length, and does not count before it is complete", () => {
  const plain = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";
  const empty = "HTTP/1.1 204 No Content\r\ndate: now\r\n\r\n";
  expect(answerIn(Buffer.from(plain + empty))).toEqual({ status: 200, length: plain.length });
  expect(answerIn(Buffer.from(empty))).toEqual({ status: 204, length: empty.length });
  for (let size = 0; size < plain.length; size++)
    expect(answerIn(Buffer.from(plain.slice(0, size)))).toBeNull();
});

describe("a constant rate", () => {
  let server: Server | undefined;
  afterEach(() => server?.close());

  type Respond = (status: number) => void;

  async function send(
    answer: (n: number, respond: Respond) => void,
    connections: number,
    letGo: (n: number) => void = () => {},
  ) {
    let asked = 0;
    server = createServer((_request, response) => {
      answer(asked++, (status) => response.writeHead(status, { "content-length": 0 }).end());
    });
    const listening = server;
    await new Promise<void>((resolve) => listening.listen(0, "127.0.0.1", resolve));
    const { port } = listening.address() as AddressInfo;
    const request = (n: number) => {
      letGo(n);
      return `GET /${n} HTTP/1.1\r\nHost: a\r\n\r\n`;
    };
    return sendAtConstantRate({
      ports: [port],
      request,
      perSecond: 200,
      warmUp: 0,
      seconds: 0.5,
      connections,
    });
  }

  test("sends every request, and counts what was not answered 200", async () => {
    const result = await send((n, respond) => respond(n % 10 === 0 ? 503 : 200), 4);
    expect(result.times).toHaveLength(100);
    expect(result.wrong).toBe(10);
  });

  test("goes on while an answer is missing, and counts the wait of those that found no connection free", async () => {
    let first: Respond = () => {};
    let [letGoAt, answeredAt] = [0, 0];
    const { times } = await send(
      (n, respond) => {
        if (n === 0) first = respond;
        else respond(200);
      },
      1,
      (n) => {
        if (n === 1) letGoAt = performance.now();
        if (n !== 30) return;
        answeredAt = performance.now();
        first(200);
      },
    );
    expect(times).toHaveLength(100);
    expect(times[1]).toBeGreaterThanOrEqual(answeredAt - letGoAt);
  });

  test("goes on with a new connection after one broke", async () => {
    const { times, wrong } = await send((n, respond) => {
      if (n === 5) server?.closeAllConnections();
      else respond(200);
    }, 2);
    expect(times).toHaveLength(100);
    expect(wrong).toBeGreaterThan(0);
    expect(wrong).toBeLessThan(5);
  });
});
