import { publicAuditKey } from "@/lib/services/audit/chain";

// The secret is there when the server runs, not when it is built.
export const dynamic = "force-dynamic";

/** The public key of audit exports as JSON Web Key; served as /.well-known/latchkey-audit-key.json. */
export function GET(): Response {
  return Response.json(publicAuditKey(), {
    headers: { "content-type": "application/jwk+json", "cache-control": "public, max-age=300" },
  });
}
