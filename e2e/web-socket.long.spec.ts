import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import WebSocket, { WebSocketServer } from "ws";
import { activateToken, configureToken, expect, freshAddress, newInstance, test } from "./fixtures";
import { expectVerdict } from "./page-parts";

const upstream = createServer();

test.beforeAll(async () => {
  const sockets = new WebSocketServer({ server: upstream });
  sockets.on("connection", (socket) => socket.on("message", (data) => socket.send(data)));
  upstream.listen(0, "127.0.0.1");
  await once(upstream, "listening");
});

test.afterAll(() => {
  upstream.closeAllConnections();
  upstream.close();
});

test("a WebSocket that was opened before the token is seen without it, and after activation as stopped", async ({
  owner: { page },
}) => {
  test.slow();
  const { port } = upstream.address() as AddressInfo;
  const url = (await newInstance(page, "Chat", `http://127.0.0.1:${port}`)).replace("http", "ws");
  const address = freshAddress();
  const headers = { "user-agent": "chat-bridge/2.1", "x-forwarded-for": address };
  const socket = new WebSocket(`${url}/socket`, { headers });
  await once(socket, "open");
  const closed = once(socket, "close");
  const talking = setInterval(() => socket.readyState === WebSocket.OPEN && socket.send("still here"), 300);
  try {
    await configureToken(page);
    await expectVerdict(page, "chat-bridge", "Would be rejected");
    await activateToken(page);
    expect((await closed)[0]).toBe(1008);
    const watch = page.getByRole("region", { name: "After activation" });
    await expect(watch).toContainText("1 caller that worked before is rejected now", { timeout: 10_000 });
    await expect(watch).toContainText(address);
    await page.goto("/activity/rejected?by=caller");
    await expect(page.getByRole("link", { name: new RegExp(`^chat-bridge\\s*${address}`) })).toBeVisible();
    await expect(page.getByText("1 request was rejected in the last 24 hours.")).toBeVisible();
  } finally {
    clearInterval(talking);
    socket.terminate();
  }
});
