import { config } from "@/lib/config";
import { securityTxt } from "@/lib/domain/security-txt";

// The configuration is there when the server runs, not when it is built.
export const dynamic = "force-dynamic";

/**
 * Whom finders of weaknesses can tell (RFC 9116), served as /.well-known/security.txt; 404 where nobody is named. One that
 * has expired is served as it is: it says so itself, and an old contact is better than none.
 */
export function GET(): Response {
  const { securityContact } = config();
  if (!securityContact)
    return Response.json({ error: "Not found" }, { status: 404, headers: { "cache-control": "no-store" } });
  return new Response(securityTxt(securityContact), {
    headers: { "content-type": "text/plain; charset=utf-8", "cache-control": "public, max-age=3600" },
  });
}
