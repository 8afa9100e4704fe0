import { db } from "@/lib/db/client";
import { isReady, readinessByInstance } from "@/lib/domain/instance-readiness";
import type { JudgedCallers } from "./judge-callers";

/** Names that the dialog shows; the rest is counted. */
const named = 5;

/** Some of the instances that activating on ready ones would newly cover, newest first. Says nothing about who may know. */
export async function readReadyNames(
  accountId: string,
  { judged, enforcement }: JudgedCallers,
): Promise<string[]> {
  if (enforcement === "on") return [];
  const unready = [...readinessByInstance(judged)].filter(([, readiness]) => !isReady(readiness));
  const rows = await db.instance.findMany({
    where: {
      accountId,
      id: { notIn: unready.map(([id]) => id) },
      ...(enforcement === "staged" && { enforced: false }),
    },
    orderBy: [{ createdAt: "desc" }, { id: "asc" }],
    take: named,
    select: { name: true },
  });
  return rows.map(({ name }) => name);
}
