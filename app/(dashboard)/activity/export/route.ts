import { getTimeZone } from "next-intl/server";
import { downloadRoute } from "@/lib/auth/download-route";
import { auditFilterIn } from "@/lib/domain/audit-filter";
import { exportAudit } from "@/lib/services/audit/chain";

export const dynamic = "force-dynamic";

/** The audit trail as a download. */
export const GET = downloadRoute({
  page: "/activity",
  name: "latchkey-audit",
  run: async (actor, query) =>
    exportAudit(actor, {
      format: query.format ?? "",
      filter: auditFilterIn(query),
      timeZone: await getTimeZone(),
    }),
});
