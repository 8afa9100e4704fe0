import { notFound } from "next/navigation";
import { cache } from "react";
import { requireActor } from "@/lib/auth/current-actor";
import { Refusal } from "@/lib/domain/errors";
import type { InstanceDetail } from "@/lib/domain/instance";
import type { OwnAccount } from "@/lib/domain/membership";
import { findInstanceElsewhere, readInstance } from "@/lib/services/instances/read";

/** The instance of a page, or the account of the reader's own that it is in. */
type Loaded = { readonly instance: InstanceDetail } | { readonly elsewhere: OwnAccount };

/**
 * What this page is about, read once a request. An unknown id and one of an account that the reader is not a
 * member of look the same: 404.
 */
export const loadInstance = cache(async (instanceId: string): Promise<Loaded> => {
  const actor = await requireActor();
  try {
    return { instance: await readInstance(actor, { instanceId }) };
  } catch (error) {
    if (!(error instanceof Refusal && error.code === "not_found")) throw error;
    const elsewhere = await findInstanceElsewhere(actor, { instanceId });
    return elsewhere ? { elsewhere } : notFound();
  }
});
