import type { NextRequest } from "next/server";
import NextAuth from "next-auth";
import { providerId } from "@/lib/auth/oidc-provider";
import { authOptions } from "@/lib/auth/options";
import { tellForeign } from "@/lib/auth/refusal-log";
import { fromProvider } from "../from-provider";

interface Context {
  params: Promise<{ nextauth: string[] }>;
}

/** next-auth's endpoints, with options made for the host this request came to. */
async function handle(request: NextRequest, context: Context): Promise<Response> {
  const [action, id] = (await context.params).nextauth;
  if (action === "callback" && id === providerId) return fromProvider(request);
  // next-auth answers this with a server error.
  if (action === "callback" && id === "credentials" && request.method !== "POST") {
    return new Response(null, { status: 405, headers: { allow: "POST", "cache-control": "no-store" } });
  }
  const answer: Response = await NextAuth(request, context, authOptions(request.headers));
  if (request.method === "POST" && (await lacksCsrfToken(answer))) tellForeign("csrf-token", request);
  return answer;
}

/** How next-auth says that a form did not have its token: by where it sends the browser, as header or JSON. */
async function lacksCsrfToken(answer: Response): Promise<boolean> {
  const to = answer.headers.get("location") ?? (await answer.clone().text());
  return /\/sign(?:in|out)\?csrf=true/.test(to);
}

export { handle as GET, handle as POST };
