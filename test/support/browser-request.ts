import { encode } from "next-auth/jwt";
import { cookieSecret } from "@/lib/auth/cookies";
import type { Actor } from "@/lib/domain/actor";
import type { ServerAction } from "./built-actions";

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
