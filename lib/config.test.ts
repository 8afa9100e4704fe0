import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parseConfig } from "./config";
import { ConfigError } from "./config/values";

function problems(env: Record<string, string>): string[] {
  try {
    parseConfig(env);
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.message.split("\n");
  }
}

describe("configuration", () => {
  test("works without a single variable", () => {
    const config = parseConfig({});
    expect(config).toMatchObject({
      port: 3000,
      host: "127.0.0.1",
      registration: "closed",
      requireTwoStep: false,
      allowPrivateUpstreams: false,
    });
  });

  test("an empty variable counts as not set", () => {
    expect(parseConfig({ PORT: "", DATABASE_URL: "", TRUSTED_PROXIES: "" })).toMatchObject({
      port: 3000,
      trustedProxies: [],
    });
  });

  test.each([
    ["https://latchkey.example.com", "https://latchkey.example.com:8443"],
    ["https://latchkey.example.com", "http://latchkey.example.com"],
    ["https://Latchkey.example.com", "https://latchkey.example.com.:444"],
    ["http://localhost:3000", "http://LOCALHOST:4000"],
    ["http://localhost:3000", "http://localhost.:4000"],
    ["http://127.0.0.1:3000", "http://127.1:4000"],
    ["http://127.0.0.1:3000", "http://0x7f000001:4000"],
    ["http://[::1]:3000", "http://[0:0:0:0:0:0:0:1]:4000"],
  ])("instances are not on the dashboard's host name at another port: %s, %s", (url, gateUrl) => {
    const told = problems({ LATCHKEY_URL: url, LATCHKEY_GATE_URL: gateUrl });
    expect(told).toEqual(["LATCHKEY_GATE_URL: sharedName"]);
  });

  test.each(["http://127.0.0.1:4000", "http://localhost:4000", "http://[::1]:4000", "http://10.0.0.7:4000"])(
    "without LATCHKEY_URL, instances are not on a name of this machine: %s",
    (gateUrl) => {
      const told = problems({ LATCHKEY_GATE_URL: gateUrl, HOST: "10.0.0.7" });
      expect(told).toEqual(["LATCHKEY_URL: neededHere"]);
    },
  );

  test.each(["localhost", "gate.localhost"])(
    "names below %s, which is each machine's own, are nobody's",
    (domain) => {
      expect(problems({ GATE_DOMAIN: domain })).toEqual(["GATE_DOMAIN: hostNameHere"]);
    },
  );

  test("instances have the dashboard's origin, or a host name of their own", () => {
    const hostOf = (env: Record<string, string>) => parseConfig(env).gateHostName;
    const url = "https://latchkey.example.com";
    expect(hostOf({ LATCHKEY_URL: url })).toBeNull();
    expect(hostOf({ LATCHKEY_URL: url, LATCHKEY_GATE_URL: `${url}:443/` })).toBeNull();
    expect(hostOf({ LATCHKEY_URL: url, LATCHKEY_GATE_URL: "https://Gate.example.com:8443" })).toBe(
      "gate.example.com",
    );
    expect(hostOf({ LATCHKEY_GATE_URL: "https://gate.example.com" })).toBe("gate.example.com");
    expect(
      hostOf({ LATCHKEY_URL: "http://localhost:3000", LATCHKEY_GATE_URL: "http://127.0.0.1:3000" }),
    ).toBe("127.0.0.1");
  });

  test("mail needs a server, a sender and the origin of its links; without a server there is none", () => {
    expect(parseConfig({ LATCHKEY_URL: "https://latchkey.example.com" }).mail).toBeUndefined();
    const server = { SMTP_URL: "smtp://mail.example.com" };
    expect(problems(server).map((line) => line.split(":")[0])).toEqual(["LATCHKEY_URL", "MAIL_FROM"]);
    const whole = {
      ...server,
      LATCHKEY_URL: "https://latchkey.example.com/",
      MAIL_FROM: "Latchkey <a@example.com>",
    };
    expect(parseConfig(whole).mail).toEqual({
      smtpUrl: "smtp://mail.example.com",
      from: "Latchkey <a@example.com>",
      linkOrigin: "https://latchkey.example.com",
    });
  });

  test("single sign-on is all or nothing, and needs the address that the provider sends people back to", () => {
    expect(parseConfig({ LATCHKEY_URL: "https://latchkey.example.com" }).singleSignOn).toBeUndefined();
    const names = (env: Record<string, string>) => problems(env).map((line) => line.split(":")[0]);
    expect(names({ OIDC_ISSUER: "https://id.example.com" })).toEqual([
      "OIDC_CLIENT_ID",
      "OIDC_CLIENT_SECRET",
      "LATCHKEY_URL",
    ]);
    expect(names({ OIDC_NAME: "Example", LATCHKEY_URL: "https://latchkey.example.com" })).toEqual([
      "OIDC_ISSUER",
      "OIDC_CLIENT_ID",
      "OIDC_CLIENT_SECRET",
    ]);
    const whole = {
      LATCHKEY_URL: "https://latchkey.example.com",
      OIDC_ISSUER: "https://id.example.com/tenant/",
      OIDC_CLIENT_ID: "latchkey",
      OIDC_CLIENT_SECRET: "hunter2",
    };
    expect(parseConfig(whole).singleSignOn).toEqual({
      issuer: "https://id.example.com/tenant/",
      clientId: "latchkey",
      clientSecret: "hunter2",
      name: "id.example.com",
    });
    expect(parseConfig({ ...whole, OIDC_NAME: "Example" }).singleSignOn?.name).toBe("Example");
    expect(parseConfig({ ...whole, OIDC_ISSUER: "http://127.0.0.1:9000" }).singleSignOn).toBeDefined();
  });

  test.each(["http://id.example.com", "http://localhost.example.com", "id.example.com", "https://a.b/?x=1"])(
    "%s is no issuer to trust",
    (issuer) => {
      expect(problems({ OIDC_ISSUER: issuer })[0]).toMatch(/^OIDC_ISSUER: /);
    },
  );

  test.each([
    "nobody",
    "a@example.com, b@example.com",
    "A <a@example.com> <b@example.com>",
    "A\n<a@example.com>",
  ])("%j is no sender", (from) => {
    expect(problems({ MAIL_FROM: from })[0]).toBe("MAIL_FROM: mailFrom");
  });

  test("every wrong variable is named at once, with what is wrong", () => {
    const lines = problems({
      PORT: "99999",
      DATABASE_URL: "mysql://h/db",
      LATCHKEY_URL: "latchkey.example.com",
      REGISTRATION: "maybe",
      ALLOW_PRIVATE_UPSTREAMS: "yes",
      TRUSTED_PROXIES: "10.0.0.0/8, nonsense",
      UPSTREAM_IDLE_TIMEOUT_SECONDS: "0",
    });
    expect(lines).toEqual([
      "PORT: port (65535)",
      "DATABASE_URL: databaseUrl",
      "LATCHKEY_URL: origin",
      "REGISTRATION: registration",
      "ALLOW_PRIVATE_UPSTREAMS: flag",
      "TRUSTED_PROXIES: address (nonsense)",
      "UPSTREAM_IDLE_TIMEOUT_SECONDS: seconds (86400)",
    ]);
  });

  test("a wrong secret or database address is not repeated in the message", () => {
    const text = problems({ LATCHKEY_SECRET: "hunter2", DATABASE_URL: "postgres//user:hunter3@h/db" }).join(
      "\n",
    );
    expect(text).toContain("LATCHKEY_SECRET");
    expect(text).not.toMatch(/hunter/);
  });

  test("what holds a secret can be in a file, which is read where the variable itself is not set", () => {
    const folder = mkdtempSync(join(tmpdir(), "latchkey-config-"));
    const file = (name: string, text: string) => {
      writeFileSync(join(folder, name), text);
      return join(folder, name);
    };
    const url = "postgresql://latchkey:hunter4@db/latchkey";
    const from = (path: string) => ({ DATABASE_URL_FILE: path });
    expect(parseConfig(from(file("url", `${url}\n`))).databaseUrl).toBe(url);
    expect(parseConfig({ ...from("/nowhere"), DATABASE_URL: url }).databaseUrl).toBe(url);
    expect(problems(from("/nowhere"))).toEqual(["DATABASE_URL_FILE: fileUnreadable"]);
    expect(problems(from(file("empty", "\n")))).toEqual(["DATABASE_URL_FILE: fileEmpty"]);
    const two = problems(from(file("two", `${url}\n${url}\n`))).join();
    expect(two).toBe("DATABASE_URL_FILE: fileOfLines");
    expect(two).not.toContain("hunter4");
    expect(problems(from(file("wrong", "mysql://hunter4@db/x"))).join()).not.toContain("hunter4");
    rmSync(folder, { recursive: true });
  });

  test("public addresses are reduced to their origin", () => {
    expect(parseConfig({ LATCHKEY_URL: "https://latchkey.example.com/some/path" }).url).toBe(
      "https://latchkey.example.com",
    );
  });

  test("asking for the secret without one fails instead of using a known key", () => {
    expect(() => parseConfig({}).secrets()).toThrow(ConfigError);
  });

  test("the gate has limits without being told any", () => {
    const { gate, upstreamConnections } = parseConfig({});
    expect(gate).toMatchObject({ maxStalenessMs: 60_000, drainMs: 10_000, maxConnections: 20_000 });
    expect(gate.workers).toBeUndefined();
    expect(gate.adminPort).toBeUndefined();
    expect(upstreamConnections).toBe(1024);
  });

  test("the gate's settings are read, in milliseconds where they are times", () => {
    const env = { GATE_WORKERS: "4", ADMIN_PORT: "9464", GATE_MAX_STALENESS_SECONDS: "0.5" };
    expect(parseConfig({ ...env, GATE_DASHBOARD_URL: "http://127.0.0.1:3001/" }).gate).toMatchObject({
      workers: 4,
      adminPort: 9464,
      maxStalenessMs: 500,
      dashboardUrl: "http://127.0.0.1:3001",
    });
  });

  test("impossible settings of the gate are named", () => {
    const lines = problems({
      GATE_WORKERS: "0",
      ADMIN_PORT: "x",
      GATE_DRAIN_SECONDS: "-1",
      GATE_SHUTDOWN_DELAY_SECONDS: "-1",
      GATE_MAX_CONNECTIONS: "1.5",
    });
    expect(lines.map((line) => line.split(":")[0]).sort()).toEqual([
      "ADMIN_PORT",
      "GATE_DRAIN_SECONDS",
      "GATE_MAX_CONNECTIONS",
      "GATE_SHUTDOWN_DELAY_SECONDS",
      "GATE_WORKERS",
    ]);
  });
});
