import { publicAuditKeys } from "@/lib/services/audit/chain";

// The secret is there when the server runs, not when it is built.
export const dynamic = "force-dynamic";

/**
 * The public key of audit exports as JSON Web Key, or once the secret was replaced the set of all (RFC 7517); served as
 * /.well-known/latchkey-audit-key.json.
 */
export async function GET(): Promise<Response> {
  const keys = await publicAuditKeys();
  const [body, type] = keys.length === 1 ? [keys[0], "jwk+json"] : [{ keys }, "jwk-set+json"];
  return Response.json(body, {
    headers: { "content-type": `application/${type}`, "cache-control": "public, max-age=300" },
  });
}
