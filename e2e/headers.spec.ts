import { createInstance, expect, test } from "./fixtures";

test("pages carry a strict policy with a fresh nonce, and nothing on them breaks it", async ({ owner }) => {
  const { page } = owner;
  const complaints: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(error.message));
  await createInstance(page, "Quiet");
  const nonces = new Set<string>();
  for (const path of [
    "/overview",
    "/instances",
    "/security",
    "/security/addresses",
    "/activity",
    "/settings",
  ]) {
    const response = await page.goto(path);
    const headers = response?.headers() ?? {};
    const policy = headers["content-security-policy"] ?? "";
    expect(policy).toMatch(/script-src [^;]*'nonce-[^']+'/);
    expect(policy.split(";").find((part) => part.trim().startsWith("script-src"))).not.toMatch(
      /unsafe-(inline|eval)/,
    );
    expect(policy).toContain("frame-ancestors 'none'");
    expect(headers["referrer-policy"]).toBe("no-referrer");
    expect(headers["x-content-type-options"]).toBe("nosniff");
    expect(headers["strict-transport-security"], "only on https").toBeUndefined();
    expect(headers["x-powered-by"]).toBeUndefined();
    nonces.add(/'nonce-([^']+)'/.exec(policy)?.[1] ?? "");
  }
  expect(nonces.size).toBe(6);
  expect(complaints).toEqual([]);
});

test("no secret is in a page's source before it is asked for", async ({ owner }) => {
  const { page } = owner;
  await createInstance(page, "Closed");
  const html = await (await page.request.get(page.url())).text();
  expect(html).not.toMatch(/token\/[0-9A-Za-z]{32}/);
  expect(html).not.toMatch(/lkc_[0-9A-Za-z]{49}/);
  expect(html).not.toMatch(/argon2/);
});
