import { notFound } from "next/navigation";
import { cache } from "react";
import { requireActor } from "@/lib/auth/current-actor";
import { Refusal } from "@/lib/domain/errors";
import type { InstanceDetail } from "@/lib/domain/instance";
import { readInstance } from "@/lib/services/instances/read";

/** The instance of this page, read once a request. An unknown id and another account's look the same: 404. */
export const loadInstance = cache(async (instanceId: string): Promise<InstanceDetail> => {
  const actor = await requireActor();
  try {
    return await readInstance(actor, { instanceId });
  } catch (error) {
    if (error instanceof Refusal && error.code === "not_found") notFound();
    throw error;
  }
});
