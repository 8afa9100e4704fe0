import { streamedRoute } from "@/lib/auth/streamed-route";
import { importInstances, previewImport } from "@/lib/services/import/import";

export const dynamic = "force-dynamic";

/** Previews a file or a gateway's list, or imports it when the query says which preview of it was seen. */
export const POST = streamedRoute(
  (actor, { query: { plan, service, source }, body, onProgress }): Promise<unknown> => {
    const input = {
      onProgress,
      ...(source !== "list" && { body: body ?? emptyBody() }),
      ...(service !== undefined && { serviceId: service }),
    };
    return plan === undefined ? previewImport(actor, input) : importInstances(actor, { ...input, plan });
  },
);

async function* emptyBody(): AsyncGenerator<Uint8Array> {}
