import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** A server action that a browser can call. */
export interface ServerAction {
  /** As in `lib/actions/sign-in.ts#signOutAction`, without the file. */
  readonly name: string;
  readonly id: string;
  /** A page that has it. */
  readonly page: string;
  /** True when it takes what a form says after its previous outcome. */
  readonly takesForm: boolean;
  /** True when a form is all it takes. */
  readonly takesOnlyForm: boolean;
}

interface Manifest {
  readonly node: Readonly<
    Record<string, { workers: Record<string, unknown>; filename: string; exportedName: string }>
  >;
}

const root = process.cwd();

/** How an action is declared, up to its schemas or the names of its fields. */
const declarationOf = (source: string, name: string) =>
  new RegExp(`export const ${name} = (\\w+)\\(\\s*\\[([\\s\\S]*?)\\],\\s*(?:async )?\\(`).exec(source) ?? [];

const urlOf = (worker: string) =>
  worker
    .replace(/^app/, "")
    .replace(/\/page$/, "")
    .replaceAll(/\/\([^)]*\)/g, "")
    .replace(/\[\w+\]/, "x") || "/";

/** Every server action of the built dashboard, from the manifest that it serves them by. */
export function builtActions(): ServerAction[] {
  const path = join(root, ".next", "server", "server-reference-manifest.json");
  const { node } = JSON.parse(readFileSync(path, "utf8")) as Manifest;
  return Object.entries(node).map(([id, { workers, filename, exportedName }]) => {
    const [, by, schemas = ""] = declarationOf(readFileSync(join(root, filename), "utf8"), exportedName);
    const takesOnlyForm = by === "quietAction" && schemas.trim() === "formData";
    const [page = ""] = Object.keys(workers).filter((worker) => !worker.includes("not-found"));
    return {
      name: exportedName,
      id,
      page: urlOf(page),
      takesForm: takesOnlyForm || by === "formAction" || schemas.includes("formData"),
      takesOnlyForm,
    };
  });
}

/** The source of every file of server actions. */
export const serverFiles = () =>
  ["app", "lib/actions"]
    .flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true, encoding: "utf8" }).map((file) =>
        join(folder, file),
      ),
    )
    .filter((file) => /\.tsx?$/.test(file))
    .map((file) => readFileSync(join(root, file), "utf8"))
    .filter((source) => /^\s*["']use server["']/m.test(source));

/** The names of all server actions in the source, built or not. */
export function writtenActions(): string[] {
  return serverFiles().flatMap((source) =>
    [...source.matchAll(/^export (?:const|async function) (\w+)/gm)].map(([, name = ""]) => name),
  );
}
