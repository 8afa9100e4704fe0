import type { NextRequest } from "next/server";
import { getLocale, getTranslations } from "next-intl/server";
import { currentActor } from "@/lib/auth/current-actor";
import { foreignCheck } from "@/lib/auth/origin";
import { providerName, startProviderSignIn } from "@/lib/auth/single-sign-on";
import { loginPath, returnPath } from "@/lib/auth/urls";

const escaped = (text: string): string =>
  text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);

/**
 * Sends the browser to the provider. Not by a redirect: a form's redirect may not leave this site (our
 * Content-Security-Policy, `form-action`), and where a provider goes on to is not known beforehand.
 */
export async function POST(request: NextRequest): Promise<Response> {
  const form = await request.formData();
  const wanted = form.get("callbackUrl");
  const back = (say?: Record<string, string>, page = "/login") =>
    new Response(null, { status: 303, headers: { location: loginPath(page, wanted, say) } });
  const name = providerName();
  if (!name || foreignCheck(request)) return back();
  const proving = form.has("prove");
  const actor = proving ? await currentActor() : null;
  if (proving && !actor) return back({ ended: "1" });
  const answer = await startProviderSignIn(request.headers, returnPath(wanted), actor?.sessionId ?? null);
  if (!answer) return back({ sso: "unavailable" }, proving ? "/prove" : "/login");
  const t = await getTranslations("auth.singleSignOn");
  const url = escaped(answer.location);
  const headers = new Headers({ "content-type": "text/html; charset=utf-8", "cache-control": "no-store" });
  headers.set("refresh", `0; url=${answer.location}`);
  for (const cookie of answer.setCookies) headers.append("set-cookie", cookie);
  const words = escaped(t("going", { name }));
  const page = `<!doctype html><html lang="${await getLocale()}"><meta name="viewport" content="width=device-width"><title>${words}</title><p><a href="${url}">${words}</a></p></html>`;
  return new Response(page, { headers });
}
