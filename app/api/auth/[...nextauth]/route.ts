import type { NextRequest } from "next/server";
import NextAuth from "next-auth";
import { providerId } from "@/lib/auth/oidc-provider";
import { authOptions } from "@/lib/auth/options";
import { fromProvider } from "../from-provider";

interface Context {
  params: Promise<{ nextauth: string[] }>;
}

/** next-auth's endpoints, with options made for the host this request came to. */
async function handle(request: NextRequest, context: Context): Promise<Response> {
  const [action, id] = (await context.params).nextauth;
  if (action === "callback" && id === providerId) return fromProvider(request);
  return NextAuth(request, context, authOptions(request.headers));
}

export { handle as GET, handle as POST };
