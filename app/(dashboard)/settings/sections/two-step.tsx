import { TwoStepCard } from "@/components/two-step/two-step-card";
import { requireActor } from "@/lib/auth/current-actor";
import { readTwoStep } from "@/lib/services/two-step/two-step";
import {
  confirmTotpAction,
  regenerateRecoveryCodesAction,
  removeTotpAction,
  requireTwoStepAction,
  startTotpAction,
} from "../two-step-actions";

export async function TwoStepSection() {
  const actor = await requireActor();
  return (
    <TwoStepCard
      view={await readTwoStep(actor)}
      accountName={actor.accountName}
      email={actor.email}
      actions={{
        start: startTotpAction,
        confirm: confirmTotpAction,
        remove: removeTotpAction,
        regenerate: regenerateRecoveryCodesAction,
        require: requireTwoStepAction,
      }}
    />
  );
}
