import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse, parseAllDocuments } from "yaml";
import { z } from "zod";
import { settingDefaults } from "@/lib/config";
import { checkout } from "@/server/folders";
import { baseIn } from "@/server/release/image";

const read = (...path: string[]) => readFileSync(join(checkout, ...path), "utf8");
const { version } = z.object({ version: z.string() }).parse(JSON.parse(read("package.json")));

const variables = z
  .union([z.record(z.string(), z.string().nullable()), z.array(z.string())])
  .default({})
  .transform((given) =>
    Array.isArray(given) ? given.map((line) => line.split("=")[0] ?? "") : Object.keys(given),
  );
const service = z.looseObject({
  image: z.string(),
  environment: variables,
  ports: z.array(z.string()).default([]),
  restart: z.string().optional(),
  healthcheck: z.unknown().optional(),
});
const compose = z.looseObject({ services: z.record(z.string(), service) });

const composeFiles = [
  ...readdirSync(join(checkout, "deploy", "compose"))
    .filter((name) => name.endsWith(".yaml"))
    .map((name) => `deploy/compose/${name}`),
  "deploy/templates/coolify/latchkey.yaml",
  "deploy/templates/dokploy/docker-compose.yml",
];
const readCompose = (path: string) => compose.parse(parse(read(path), { merge: true })).services;
const isOurs = (image: string) => /(?:^|\/|\{LATCHKEY_IMAGE:-)latchkey:/.test(image);

/** What a panel sets by itself. */
const ofPanels = /^SERVICE_URL_LATCHKEY_\d+$/;
const unknownSettings = (names: readonly string[]) =>
  names.filter((name) => !settingDefaults.has(name) && !ofPanels.test(name));

describe.each(composeFiles)("%s", (path) => {
  const services = readCompose(path);
  const own = Object.values(services).filter(({ image }) => isOurs(image));

  it("gives Latchkey only settings that it has", () => {
    expect(own.length).toBeGreaterThan(0);
    expect(own.flatMap(({ environment }) => unknownSettings(environment))).toEqual([]);
  });

  it("names a version of each image, and of Latchkey this one", () => {
    for (const { image } of Object.values(services)) {
      expect(image).toMatch(/:v?[\w.-]*\d[\w.-]*\}?$/);
      expect(image).not.toContain(":latest");
    }
    for (const { image } of own) expect(image.replace("}", "")).toMatch(new RegExp(`latchkey:${version}$`));
  });

  it("publishes no port but Latchkey's, and that on this machine alone unless it is told otherwise", () => {
    const published = Object.entries(services).filter(([, { ports }]) => ports.length > 0);
    const door = services.haproxy ? "haproxy" : "latchkey";
    for (const [name, { ports }] of published) {
      expect(name).toBe(door);
      expect(ports).toEqual([expect.stringMatching(/^\$\{PUBLISH:-127\.0\.0\.1:3000\}:3000$/)]);
    }
  });

  it("takes from Latchkey's containers what it does not need", () => {
    for (const own of Object.values(services).filter(({ image }) => isOurs(image))) {
      expect(own).toMatchObject({ read_only: true, cap_drop: ["ALL"] });
    }
  });
});

describe.each(composeFiles.filter((path) => path.startsWith("deploy/compose/")))("%s", (path) => {
  it("starts everything again that ends, and knows whether it works", () => {
    for (const { image, restart, healthcheck } of Object.values(readCompose(path))) {
      expect(restart).toMatch(/^(?:unless-stopped|on-failure)$/);
      // Latchkey's is in its image, and HAProxy stops when its configuration is wrong.
      if (!isOurs(image) && !image.includes("haproxy")) expect(healthcheck).toBeDefined();
    }
  });

  it("explains every variable of its own that people can set", () => {
    const text = read(path);
    const [head = ""] = text.split("\nname:");
    const asked = [...text.matchAll(/\$\{([A-Z_]+)/g)].map(([, name = ""]) => name);
    const explained = new Set([...head.matchAll(/^# {3}([A-Z_]+) /gm)].map(([, name]) => name));
    const unexplained = new Set(asked.filter((name) => !explained.has(name)));
    unexplained.delete("LATCHKEY_IMAGE");
    expect([...unexplained].filter((name) => !settingDefaults.has(name))).toEqual([]);
  });
});

describe("deploy/compose/scale.yaml", () => {
  const { services, secrets } = z
    .looseObject({
      services: z.record(z.string(), service.extend({ secrets: z.array(z.string()).default([]) })),
      secrets: z.record(z.string(), z.object({ file: z.string() })),
    })
    .parse(parse(read("deploy/compose/scale.yaml"), { merge: true }));

  it("gives secrets as files of their own, to those who need them, and none in the environment", () => {
    const secret = /SECRET|PASSWORD|DATABASE_URL/;
    for (const [name, { environment, secrets: given }] of Object.entries(services)) {
      const named = environment.filter((each) => secret.test(each));
      expect(
        named.every((each) => each.endsWith("_FILE")),
        name,
      ).toBe(true);
      expect(given).toHaveLength(named.length);
      for (const each of given) expect(secrets[each]?.file).toBe(`./secrets/${each}`);
    }
    expect(services.haproxy?.secrets).toEqual([]);
  });
});

describe("the Dockerfile", () => {
  const text = read("Dockerfile");

  it("sets only settings that Latchkey has", () => {
    const [, line = ""] = /^ENV (.+)$/m.exec(text) ?? [];
    const names = line.split(" ").map((pair) => pair.split("=")[0] ?? "");
    expect(unknownSettings(names.filter((name) => name !== "NODE_ENV"))).toEqual([]);
  });

  it("builds on the Node.js that it says, runs as a numbered user who is not root, and has a health check", () => {
    const from = [...text.matchAll(/^FROM (\S+)/gm)].map(([, image]) => image);
    expect(new Set(from)).toEqual(new Set(["$BASE", "without-database"]));
    expect(baseIn(text)).toBe("docker.io/library/node:26-bookworm-slim");
    expect(text).toMatch(/^USER 1000:1000$/m);
    expect(text).toMatch(/^HEALTHCHECK /m);
    expect(text).toContain(`ARG VERSION=${version}`);
  });
});

describe("what an image holds", () => {
  it("has every program that another one loads or starts", () => {
    const build = read("server", "setup", "build.mjs");
    const [, shipped = ""] = /shippedPrograms = \{([^}]+)\}/.exec(build) ?? [];
    const programs = [...shipped.matchAll(/^ {2}"?([\w-]+)"?: "(server\/[\w-]+\.ts)",$/gm)];
    const loaded = programs.flatMap(([, , source = ""]) =>
      [...read(source).matchAll(/(?:import\(|")"?\.?\/?([\w-]+)\.js"/g)].map(([, name]) => name),
    );
    expect(loaded).toEqual(expect.arrayContaining(["gate-worker", "dashboard", "doctor", "output"]));
    const names = programs.map(([, name]) => name);
    expect(loaded.filter((name) => !names.includes(name))).toEqual([]);
  });
});

describe("the manifests of Kubernetes", () => {
  const documents = parseAllDocuments(read("deploy/kubernetes/latchkey.yaml")).map((document) =>
    document.toJS(),
  );

  it("give Latchkey only settings that it has", () => {
    const { data } = documents.find(({ kind }) => kind === "ConfigMap");
    expect(unknownSettings(Object.keys(data))).toEqual([]);
  });

  it("give every pod its secrets as files, and none of them in the environment", () => {
    const { data } = documents.find(({ kind }) => kind === "ConfigMap");
    const { metadata, stringData } = documents.find(({ kind }) => kind === "Secret");
    const named = [data.DATABASE_URL_FILE, data.LATCHKEY_SECRET_FILE];
    expect(named).toEqual(Object.keys(stringData).map((name) => `/run/secrets/latchkey/${name}`));
    for (const { spec } of documents.filter(({ spec }) => spec?.template)) {
      const { volumes, containers, securityContext } = spec.template.spec;
      const volume = { name: "secret", secret: { secretName: metadata.name, defaultMode: 0o440 } };
      expect(volumes).toContainEqual(volume);
      expect(securityContext.fsGroup).toBe(1000);
      for (const { volumeMounts, envFrom, env } of containers) {
        const mount = { name: "secret", mountPath: "/run/secrets/latchkey", readOnly: true };
        expect(volumeMounts).toContainEqual(mount);
        expect([envFrom, env]).toEqual([[{ configMapRef: { name: "latchkey" } }], undefined]);
      }
    }
  });

  it("demand what the profile `restricted` demands, of every pod", () => {
    const pods = documents.filter(({ spec }) => spec?.template).map(({ spec }) => spec.template.spec);
    expect(pods).toHaveLength(3);
    for (const pod of pods) {
      expect(pod.securityContext).toMatchObject({ runAsNonRoot: true, runAsUser: 1000 });
      for (const container of pod.containers) {
        expect(container.image).toBe(`latchkey:${version}`);
        expect(container.securityContext).toEqual({
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ["ALL"] },
        });
      }
    }
  });
});

describe("the other templates", () => {
  it("are what Dokploy asks of a template: named alike, of one version, with the logo beside it", () => {
    const folder = ["deploy", "templates", "dokploy"] as const;
    const meta = JSON.parse(read(...folder, "meta.json"));
    const { services } = parse(read(...folder, "docker-compose.yml"));
    expect(Object.keys(services)).toEqual([meta.id]);
    expect(services[meta.id].image).toBe(`latchkey:${meta.version}`);
    expect(services[meta.id]).not.toHaveProperty("ports");
    expect(readdirSync(join(checkout, ...folder))).toContain(meta.logo);
    expect(read(...folder, "template.toml")).toContain(`serviceName = "${meta.id}"`);
  });

  it("give Latchkey only settings that it has", () => {
    const given = [
      read("deploy/templates/dokploy/template.toml"),
      JSON.parse(read("deploy/templates/easypanel/latchkey.json")).services[0].data.env,
    ];
    for (const text of given) {
      const names = [...text.matchAll(/^\s*"?([A-Z_]+)=/gm)].map(([, name = ""]) => name);
      expect(names).toContain("TRUSTED_PROXIES");
      expect(unknownSettings(names)).toEqual([]);
    }
  });

  it.each(["latchkey", "latchkey-gate", "latchkey-dashboard"])(
    "%s.service sets only settings that Latchkey has",
    (unit) => {
      const text = read("deploy", "systemd", `${unit}.service`);
      const names = [...text.matchAll(/^Environment=(.+)$/gm)].flatMap(([, line = ""]) =>
        line.split(" ").map((pair) => pair.split("=")[0] ?? ""),
      );
      expect(unknownSettings(names.filter((name) => name !== "NODE_ENV"))).toEqual([]);
      expect(text).toMatch(/^User=latchkey$/m);
    },
  );
});
