import { spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { chmodSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type { Finding } from "@/lib/domain/doctor";
import { query } from "../test/support/database";
import { killLaunched, launch, newDataDirectory } from "../test/support/launched";
import { startTestInbox } from "../test/support/smtp-inbox";

const secret = randomBytes(24).toString("base64url");

async function run(args: readonly string[], env: Record<string, string> = {}) {
  const program = launch("latchkey.js", env, args);
  return { code: await program.ends(), said: program.output() };
}

afterEach(killLaunched);

/** The page is this, and then what the command line says of itself. */
const aboutCommands = `# Command line

\`latchkey\` is for whoever runs the server. How to call it:

| where | how |
| --- | --- |
| in a clone | \`npm run latchkey -- COMMAND\`, which sets the clone up first; \`npm start\`, \`npm run backup\` and so on are the same |
| in Compose | \`docker compose exec latchkey latchkey COMMAND\`, in the folder of the compose file or with \`-f\` |
| in a container | \`docker exec latchkey latchkey COMMAND\` |

The commands run on the machine that Latchkey runs on, whether it runs or not. With \`DATABASE_URL\` they need the
\`LATCHKEY_SECRET\` of the dashboard. What is done to people is recorded in the audit trail of each account concerned.

The words are in the language of the terminal: that of \`LC_ALL\`, \`LC_MESSAGES\` or \`LANG\`. In Compose or a container it is English
unless its environment sets one: \`LANG=pt_BR.UTF-8\` or \`LANG=es_ES.UTF-8\`. Failures of a start are told in it too; lines of the log
stay English.

With \`--json\`, standard output is one JSON document, and what goes on meanwhile is told on standard error. Arguments hold no
secrets, because every user of a machine can read them: a command that needs one takes a file (\`--…-file=FILE\`, \`-\` for standard
input) or a variable. A fault of Latchkey's own ends with 70 and a stack trace.

This page is what the command line says of itself, and a test compares the two. To write it anew, delete it and run
\`npm test -- server/latchkey.process\`.
`;

const fenced = (text: string) => `\`\`\`text\n${text.trimEnd()}\n\`\`\`\n`;

describe("the command line", () => {
  test("tells of every command what it does, its options, examples and what it ends with, and the reference repeats it", async () => {
    const [all, none] = await Promise.all([run(["--help"]), run([])]);
    expect(all).toEqual({ code: 0, said: expect.stringMatching(/Usage\n.*Commands\n.*Ends with\n/s) });
    expect(none).toEqual({ ...all, code: 2 });
    const [, list = ""] = all.said.split(/^(?:Commands|Ends with)\n/m);
    const names = [...list.matchAll(/^ {2}([a-z-]+) /gm)].map(([, name = ""]) => name);
    expect(names.length).toBeGreaterThan(10);
    const each = await Promise.all(names.map((name) => run(["help", name])));
    for (const { code, said } of each) {
      expect(code, said).toBe(0);
      expect(said).toMatch(/^[A-Z].*\n\nUsage\n.*\nOptions\n.*--help.*\nExamples\n.*\nEnds with\n {2}0 /s);
      expect(said).not.toMatch(/commands\.|command\.|\{/);
    }
    const pages = each.map(({ said }, at) => `\n## ${names[at]}\n\n${fenced(said)}`);
    const page = `${aboutCommands}\n${fenced(all.said)}${pages.join("")}`;
    await expect(page).toMatchFileSnapshot("../docs/reference/command-line.md");
  });

  test("names the nearest for what is no command and no option, and begins nothing", async () => {
    const cases: [args: string[], said: RegExp][] = [
      [["migrat"], /no command migrat\. Did you mean migrate\?/],
      [["toString"], /no command toString\./],
      [["help", "doktor"], /Did you mean doctor\?/],
      [["doctor", "--jsno"], /no option --jsno\. Did you mean --json\?/],
      [["doctor", "--mail-to"], /--mail-to needs a value/],
      [["doctor", "--json=yes"], /--json takes no value/],
      [["doctor", "now"], /takes options only/],
      [["start", "--port", "1"], /no option --port/],
    ];
    const outcomes = await Promise.all(cases.map(([args]) => run(args)));
    for (const [at, [args, said]] of cases.entries()) {
      expect([args, outcomes[at]]).toEqual([args, { code: 2, said: expect.stringMatching(said) }]);
    }
  });

  test("refuses a secret among the arguments, says where it belongs, and does not repeat it", async () => {
    const cases = [
      ["migrate", "--database-url=postgresql://a:hunter22@b/c"],
      ["migrate", "--password=hunter22"],
      ["migrate", "--passphrase", "hunter22"],
      ["end-sessions", "postgresql://a:hunter22@b/c"],
      ["audit-verify", `lkc_${"hunter22".repeat(6)}a`],
    ];
    for (const { code, said } of await Promise.all(cases.map((args) => run(args)))) {
      expect([code, said]).toEqual([
        2,
        expect.stringContaining("in a file, on standard input or in the env"),
      ]);
      expect(said).not.toContain("hunter22");
    }
  });

  test("with --json, standard output is one document, also when a command fails", async () => {
    const failed = launch("latchkey.js", {}, ["migrate", "--json"]);
    let json = "";
    failed.child.stdout?.on("data", (chunk) => {
      json += chunk;
    });
    expect(await failed.ends()).toBe(1);
    expect(JSON.parse(json)).toEqual({ error: expect.stringContaining("set DATABASE_URL") });
  });
});

describe("doctor", () => {
  let url: string;
  const data = newDataDirectory();
  const settings = () => ({ DATABASE_URL: url, LATCHKEY_SECRET: secret, LATCHKEY_DATA_DIR: data.path });

  async function findings(env: Record<string, string> = {}, args: readonly string[] = []) {
    const { code, said } = await run(["doctor", "--json", ...args], { ...settings(), ...env });
    const { findings, settings: lines } = JSON.parse(said) as {
      findings: (Finding & { text: string; fix: string | null })[];
      settings: { name: string; value: string | null; source: string }[];
    };
    const outcomes = Object.fromEntries(findings.map(({ check, outcome }) => [check, outcome]));
    return { code, said, findings, lines, outcomes };
  }

  async function inDatabase(...statements: readonly string[]): Promise<void> {
    for (const statement of statements) await query(url, statement);
  }

  beforeAll(async () => {
    const own = new URL(process.env.DATABASE_URL ?? "");
    own.pathname = `/doctor_${randomBytes(6).toString("hex")}`;
    url = own.href;
    chmodSync(data.path, 0o700);
    // What is known of real versions is no matter of these tests.
    writeFileSync(join(data.path, "advisories.json"), '{"updated":"2998-01-01","packages":{}}');
    expect(await run(["migrate", "--json"], settings())).toEqual({
      code: 0,
      said: expect.stringContaining('"applied": ['),
    });
  });

  afterAll(data.remove);

  test("a backup to standard output is the backup and not a byte more; what is told of it is on standard error", async () => {
    const { DATABASE_URL, LATCHKEY_SECRET } = settings();
    const program = launch("latchkey.js", { DATABASE_URL, LATCHKEY_SECRET }, [
      "backup",
      "--with-secret",
      "-",
    ]);
    const pieces: string[] = [];
    program.child.stdout?.on("data", (piece: string) => pieces.push(piece));
    let told = "";
    program.child.stderr?.on("data", (piece: string) => {
      told += piece;
    });
    expect(await program.ends()).toBe(0);
    expect(told).toContain("THE SECRET IS IN IT");
    expect(pieces.join("")).not.toContain(`"msg"`);
  });

  test("finds nothing wrong where nothing is, and tells every setting, where it comes from, and no secret", async () => {
    const { code, said, outcomes, lines } = await findings();
    expect([code, outcomes]).toEqual([
      0,
      expect.objectContaining({
        settings: "valid",
        folder: "usable",
        rights: "private",
        secret: "untried",
        database: "reachable",
        migrations: "current",
        clock: "right",
        proxies: "unseen",
        mail: "off",
        versions: "unaffected",
      }),
    ]);
    const line = (name: string) => lines.find((each) => each.name === name);
    expect(line("LATCHKEY_SECRET")).toEqual({ name: "LATCHKEY_SECRET", value: "…", source: "environment" });
    expect(line("GATE_DRAIN_SECONDS")).toEqual({
      name: "GATE_DRAIN_SECONDS",
      value: "10",
      source: "default",
    });
    for (const hidden of [secret, new URL(url).password]) expect(said).not.toContain(hidden);
    const table = await run(["doctor"], settings());
    expect(table).toEqual({ code: 0, said: expect.stringMatching(/^ {2}ok +Database +PostgreSQL \d+/m) });
  });

  test("says of each fault what is wrong and how to mend it, and ends with 1", async () => {
    const early = "data:text/javascript,const%20now=Date.now;Date.now=()=>now()-90_000";
    const empty = new URL(url);
    empty.pathname = "/doctor_nowhere";
    await inDatabase(
      `insert into "SeenPeer" values (date_trunc('hour', now()), '10.9.8.7', true, 90), (date_trunc('hour', now()), '', false, 10)`,
    );
    writeFileSync(join(data.path, "secret"), `${secret}\n`, { mode: 0o644 });
    const cases: [env: Record<string, string>, check: Finding["check"], outcome: string, text: RegExp][] = [
      [{ PORT: "many" }, "settings", "invalid", /PORT: give a port from 0 to 65535/],
      [{ DATABASE_URL: "postgresql://127.0.0.1:1/x" }, "database", "away", /nothing answers there/],
      [{ DATABASE_URL: empty.href }, "database", "away", /does not exist/],
      [{ DATABASE_URL: process.env.DATABASE_URL ?? "" }, "database", "reachable", /answers/],
      [{ NODE_OPTIONS: `--import=${early}` }, "clock", "off", /(?:89|9\d)(?:\.\d)? s behind/],
      [{}, "proxies", "missing", /90% .*10\.9\.8\.7/],
      [{ TRUSTED_PROXIES: "10.0.0.0/8" }, "proxies", "right", /as TRUSTED_PROXIES says/],
      [{}, "rights", "open", /data-\w+\/secret/],
      [
        { SMTP_URL: "smtp://127.0.0.1:1", MAIL_FROM: "a@example.com", LATCHKEY_URL: "http://localhost:3000" },
        "mail",
        "refused",
        /127\.0\.0\.1:1 does not take mail/,
      ],
    ];
    const all = await Promise.all(cases.map(([env]) => findings(env)));
    for (const [at, [env, check, outcome, text]] of cases.entries()) {
      const { code, findings: found } = all[at] ?? expect.fail("no outcome");
      const one = found.find((each) => each.check === check);
      expect([env, one?.outcome, one?.text]).toEqual([env, outcome, expect.stringMatching(text)]);
      if (one?.state !== "problem") continue;
      expect([code, one.fix]).toEqual([1, expect.stringMatching(/\w+.*[.!]$/)]);
    }
  });

  test("a secret that the data was not sealed with is told by doctor and by a start, before anything is written", async () => {
    const account = "00000000-0000-7000-8000-000000000001";
    await inDatabase(
      // A process of another test may have noted its own as the one in use.
      `delete from "SecretKey"`,
      `insert into "Account" ("id", "name") values ('${account}', 'Sealed elsewhere')`,
      `insert into "Instance" ("id", "accountId", "name", "tokenDigest", "tokenSealed", "updatedAt")
         values ('abcdefghijabcdefghij', '${account}', 'x', '\\x01', 'v1.00000000.AAAA.AAAA', now())`,
    );
    const fresh = newDataDirectory();
    const [doctor, start, gate, bare] = await Promise.all([
      findings(),
      run(["start"], settings()),
      run(["gate"], settings()),
      run(["start"], { ...settings(), LATCHKEY_SECRET: "", LATCHKEY_DATA_DIR: fresh.path }),
    ]);
    expect([doctor.code, doctor.outcomes.secret]).toEqual([1, "wrong"]);
    expect([start.code, start.said]).toEqual([
      3,
      expect.stringMatching(/^Latchkey: this is not the secret .*\n$/),
    ]);
    expect([gate.code, gate.said]).toEqual([3, expect.stringContaining("this is not the secret")]);
    expect([bare.code, bare.said]).toEqual([3, expect.stringContaining("there is no secret")]);
    expect(readdirSync(fresh.path)).toEqual([]);
    fresh.remove();
    await inDatabase(`delete from "Account"`);
  });

  test("sends a mail to whoever asks, and says that the server took it", async () => {
    const inbox = await startTestInbox();
    const env = {
      SMTP_URL: inbox.smtpUrl,
      MAIL_FROM: "latchkey@example.com",
      LATCHKEY_URL: "http://localhost:3000",
    };
    const { outcomes } = await findings(env, ["--mail-to=me@example.com"]);
    expect(outcomes.mail).toBe("sent");
    const mails = await (await fetch(`${inbox.url}/me@example.com`)).text();
    expect(mails).toContain("Latchkey can send mail");
    await inbox.stop();
  });

  test("takes a newer list of advisories from where it is told to, and no older or damaged one", async () => {
    const path = join(data.path, "newer.json");
    const list = (updated: string, fixed: string) =>
      JSON.stringify({
        updated,
        packages: { node: { lines: [], advisories: [{ id: "CVE-1", ranges: [{ from: "0", fixed }] }] } },
      });
    const refreshed = async (text: string) => {
      writeFileSync(path, text);
      return run(["doctor", "--refresh", "--json"], { ...settings(), ADVISORIES_URL: path });
    };
    expect(await refreshed("{}")).toEqual({
      code: 1,
      said: expect.stringContaining("no list of advisories"),
    });
    expect((await refreshed(list("2020-01-01", "999.0.0"))).said).not.toContain("CVE-1");
    const newer = await refreshed(list("2999-01-01", "999.0.0"));
    expect(newer).toEqual({ code: 1, said: expect.stringMatching(/affected by CVE-1.*Update node to 999/s) });
  });

  const readOnly = "a data directory that is read-only is told in one line";
  test.runIf(process.getuid?.() === 0)(readOnly, async ({ skip }) => {
    const folder = newDataDirectory();
    const path = join(folder.path, "mounted");
    mkdirSync(path);
    const flags = ["-t", "tmpfs", "-o", "ro,size=1m,mode=0700", "latchkey-test", path];
    if (spawnSync("mount", flags).status !== 0) skip("this machine does not let tests mount a folder");
    try {
      const env = { LATCHKEY_DATA_DIR: path, DATABASE_URL: "", LATCHKEY_SECRET: "" };
      const [doctor, start] = await Promise.all([findings(env), run(["start"], env)]);
      expect([doctor.code, doctor.outcomes.folder]).toEqual([1, "readOnly"]);
      expect([start.code, start.said]).toEqual([
        1,
        expect.stringMatching(/^Latchkey: .* it is read-only\. .*\n$/),
      ]);
    } finally {
      spawnSync("umount", [path]);
      folder.remove();
    }
  });
});
