import { once } from "node:events";
import { Agent, createServer, get, type IncomingMessage, type ServerResponse } from "node:http";
import { text } from "node:stream/consumers";
import { expect, it } from "vitest";
import { drain, listen } from "./listen";

/** A server whose answers are given by hand, and one request to it on a connection that stays open. */
async function halfAnswered() {
  const server = createServer();
  const port = await listen(server, 0, "127.0.0.1");
  const asked = get({ port, host: "127.0.0.1", agent: new Agent({ keepAlive: true }) });
  const [, response] = (await once(server, "request")) as [IncomingMessage, ServerResponse];
  return { server, port, asked, response };
}

it("waits for answers in hand and takes no new connections", async () => {
  const { server, port, asked, response } = await halfAnswered();
  response.write("first, ");
  const [answer] = (await once(asked, "response")) as [IncomingMessage];
  const drained = drain(server, 5000);
  await expect(once(get({ port, host: "127.0.0.1" }), "response")).rejects.toMatchObject({
    code: "ECONNREFUSED",
  });
  setTimeout(() => response.end("then the rest"), 100);
  expect(await text(answer)).toBe("first, then the rest");
  await drained;
});

it("does not wait for ever", async () => {
  const { server, asked } = await halfAnswered();
  const cut = once(asked, "response").catch((error: unknown) => error);
  await drain(server, 100);
  expect(await cut).toMatchObject({ code: "ECONNRESET" });
});
