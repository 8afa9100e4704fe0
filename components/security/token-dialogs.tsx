"use client";

import type { RotationProgress } from "@/lib/domain/caller-view";
import { ActivateDialog } from "./activate-dialog";
import { ChangeDialog } from "./change-dialog";
import { FinishDialog } from "./finish-dialog";
import { NewTokenDialog } from "./new-token-dialog";
import { RotateDialog } from "./rotate-dialog";
import { tokenProblem } from "./token-failure";
import type { useTokenChanges } from "./use-token-changes";

interface TokenDialogsProps {
  readonly changes: ReturnType<typeof useTokenChanges>;
  readonly names: readonly string[];
  /** Who still sends the old token; null when no rotation is under way. */
  readonly rotation: RotationProgress | null;
  readonly accountName: string;
}

/** The dialog of what is asked about, and that of a new token. */
export function TokenDialogs({ changes, ...props }: TokenDialogsProps) {
  const { made, putAway } = changes;
  return (
    <>
      <AskingDialog changes={changes} {...props} />
      {made && <NewTokenDialog token={made.token} made={made.origin} onDone={putAway} />}
    </>
  );
}

function AskingDialog({ changes, names, rotation, accountName }: TokenDialogsProps) {
  const { asking, seen, pending, confirm } = changes;
  const asked = { view: seen, pending, problem: tokenProblem(changes.problem), onCancel: changes.cancel };
  switch (asking) {
    case null:
      return null;
    case "rotate":
    case "replace":
      return <RotateDialog {...asked} atOnce={asking === "replace"} onConfirm={changes.rotate} />;
    case "finish":
      return <FinishDialog {...asked} progress={rotation} onConfirm={() => confirm("finish")} />;
    case "activate":
      return (
        changes.forecast && (
          <ActivateDialog
            {...asked}
            forecast={changes.forecast}
            outdated={changes.outdated}
            onLookAgain={changes.lookAgain}
            accountName={accountName}
            form={changes.form}
            confirmError={changes.confirmError}
            onConfirm={(confirmation) => confirm("activate", confirmation)}
            onReady={changes.activateWhereReady}
          />
        )
      );
    default:
      return <ChangeDialog {...asked} change={asking} names={names} onConfirm={() => confirm(asking)} />;
  }
}
