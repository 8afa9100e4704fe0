import { RetentionCard } from "@/components/account/retention-card";
import { requireActor } from "@/lib/auth/current-actor";
import { can } from "@/lib/domain/permissions";
import { readRetention } from "@/lib/services/account/account";
import { changeRetentionAction } from "../account-actions";

export async function RetentionSection() {
  const actor = await requireActor();
  const change = can(actor.role, "account.retention") ? changeRetentionAction : null;
  return <RetentionCard days={await readRetention(actor)} change={change} />;
}
