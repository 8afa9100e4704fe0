import { downloadRoute } from "@/lib/auth/download-route";
import { exportInstanceSecrets, exportInstances } from "@/lib/services/import/export";

export const dynamic = "force-dynamic";

/** The account's instances as a download, with their tokens where that is asked for. */
export const GET = downloadRoute({
  page: "/instances",
  name: "latchkey-instances",
  run: (actor, { format = "csv", tokens }) =>
    (tokens === "yes" ? exportInstanceSecrets : exportInstances)(actor, { format }),
});
