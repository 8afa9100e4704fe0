import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { encode } from "next-auth/jwt";
import { cookieSecret } from "@/lib/auth/cookies";
import type { Actor } from "@/lib/domain/actor";

/** The server under test. */
export const base = new URL(process.env.LATCHKEY_TEST_URL ?? "http://127.0.0.1:3000").origin;

/** The cookie that a browser of this session sends. */
export async function cookieOf({ sessionId }: Pick<Actor, "sessionId">): Promise<string> {
  return `latchkey.session=${await encode({ token: { sid: sessionId }, secret: cookieSecret() })}`;
}

/** Fields of every action, each of the right shape: what is refused then is refused for another reason. */
const wellShaped: Readonly<Record<string, unknown>> = {
  ...Object.fromEntries(
    [
      ...["address", "callbackUrl", "callerId", "code", "confirmName", "confirmation", "days", "email"],
      ...["enrolmentId", "identityId", "instanceId", "invitationId", "name", "note", "passkeyId", "password"],
      ...["role", "ruleId", "text", "tokenId", "upstreamUrl", "userId", "accountName", "firstByteSeconds"],
    ].map((name) => [name, ""]),
  ),
  answer: {},
  enforced: true,
  headers: [],
  lastSeenAt: "$D2026-01-01T00:00:00.000Z",
  overlap: "24h",
  required: true,
};

/** The arguments as React writes them: one value, or a form after its previous outcome. */
function bodyOf({ name: action, takesForm, takesOnlyForm }: ServerAction, values: typeof wellShaped) {
  if (action === "reenterAccountAction") return JSON.stringify([""]);
  if (!takesForm) return JSON.stringify([values]);
  const body = new FormData();
  for (const [name, value] of Object.entries(values)) body.append(`_1_${name}`, String(value));
  body.append("0", takesOnlyForm ? '["$K1"]' : '[null,"$K1"]');
  return body;
}

/** Calls a server action as a page's JavaScript does. */
export function callAction(
  action: ServerAction,
  headers: Readonly<Record<string, string>>,
  values: Readonly<Record<string, unknown>> = wellShaped,
): Promise<Response> {
  return fetch(base + action.page, {
    method: "POST",
    redirect: "manual",
    headers: {
      accept: "text/x-component",
      "next-action": action.id,
      origin: base,
      ...(!action.takesForm && { "content-type": "text/plain;charset=UTF-8" }),
      ...headers,
    },
    body: bodyOf(action, values),
  });
}

/** What an action answered: `done`, the code of a refusal, or `redirect` to a page. */
export async function outcomeOf(response: Response): Promise<string> {
  const to = response.headers.get("x-action-redirect");
  if (to) return `redirect ${to.split(";")[0]}`;
  const text = await response.text();
  const code = /"ok":false,"code":"(\w+)"/.exec(text)?.[1];
  if (code) return code;
  return /"ok":true/.test(text) ? "done" : `${response.status} ${text.slice(0, 200)}`;
}

/** A server action that a browser can call. */
interface ServerAction {
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
