import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { getTranslations } from "next-intl/server";
import { ServerStatus } from "@/components/server/server-status";
import { requireActor } from "@/lib/auth/current-actor";
import { Refusal } from "@/lib/domain/errors";
import { readServerStatus } from "@/lib/services/server-status";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("doctor.page"))("title") };
}

export default async function ServerPage() {
  const actor = await requireActor();
  try {
    return <ServerStatus report={await readServerStatus(actor)} />;
  } catch (error) {
    // Whoever may not see it learns nothing of it.
    if (error instanceof Refusal && ["not_found", "forbidden"].includes(error.code)) notFound();
    throw error;
  }
}
