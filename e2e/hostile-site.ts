import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** A site that wishes the owner ill, on this machine. */
interface HostileSite {
  /** The dashboard's own host on another port: cookies go there and come from there. */
  readonly sibling: string;
  /** Another site altogether. */
  readonly stranger: string;
  close(): void;
}

/**
 * Starts a site with one empty page; what it does is up to the test.
 *
 * @param host the dashboard's, one of this machine's two names
 */
export async function openHostileSite(host: string): Promise<HostileSite> {
  const server = createServer((_request, response) => {
    response.setHeader("content-type", "text/html");
    response.end("<!doctype html><title>You have won</title><h1>You have won</h1>");
  });
  await new Promise<void>((resolve) => server.listen(0, () => resolve()));
  const { port } = server.address() as AddressInfo;
  return {
    sibling: `http://${host}:${port}/`,
    stranger: `http://${host === "localhost" ? "127.0.0.1" : "localhost"}:${port}/`,
    close: () => server.close(),
  };
}

/** What an attack knows of its target. Action ids are in scripts that anyone can read. */
interface Target {
  readonly origin: string;
  readonly actions: readonly string[];
}

/**
 * Everything a page can do to another origin with its visitor's cookies, run in that page. Answers what it was
 * able to read, which should be nothing.
 */
export async function attack({ origin, actions }: Target): Promise<string[]> {
  const read: string[] = [];
  const send = async (what: string, path: string, init: RequestInit) => {
    try {
      const response = await fetch(origin + path, { credentials: "include", method: "POST", ...init });
      if (response.type !== "opaque") read.push(`${what}: ${await response.text()}`);
    } catch {
      // The browser refused to send it, or to show the answer.
    }
  };
  const posts = actions.flatMap((id) => {
    const form = new FormData();
    form.append(`$ACTION_ID_${id}`, "");
    const own = { "next-action": id };
    const forged = { ...own, "x-forwarded-host": location.host, "x-middleware-subrequest": "proxy" };
    return [
      send("form", "/security", { mode: "no-cors", body: form }),
      send("text", "/security", { mode: "no-cors", body: "[]" }),
      send("action", "/security", { headers: own, body: "[]" }),
      send("forged action", "/security", { headers: forged, body: "[]" }),
    ];
  });
  const body = new URLSearchParams({ csrfToken: "x", json: "true" });
  const endpoints = ["/api/auth/signout", "/api/auth/callback/credentials", "/api/presence"].map((path) =>
    send("endpoint", path, { mode: "no-cors", body }),
  );
  const reads = ["/api/auth/session", "/api/auth/csrf", "/security", "/activity/export?format=jsonl"].map(
    (path) => send("reading", path, { method: "GET" }),
  );
  await Promise.all([...posts, ...endpoints, ...reads]);
  return read;
}

/** Sends a form as a page of its own would, from a frame without an origin or from the page itself. */
export function sendForm({
  origin,
  action,
  sandboxed,
}: {
  origin: string;
  action: string;
  sandboxed: boolean;
}) {
  const form = `<form method="post" enctype="multipart/form-data" action="${origin}/security">
    <input name="$ACTION_ID_${action}"></form><script>document.forms[0].submit()</script>`;
  if (!sandboxed) {
    document.body.innerHTML = form;
    document.forms[0]?.submit();
    return;
  }
  const frame = document.createElement("iframe");
  frame.setAttribute("sandbox", "allow-forms allow-scripts allow-top-navigation");
  frame.srcdoc = form;
  document.body.append(frame);
}
