"use client";

import { useTranslations } from "next-intl";
import { type MemberView, mayGrant } from "@/lib/domain/membership";
import type { Role } from "@/lib/domain/permissions";
import type { MemberActions } from "./actions";
import { ChangeRole } from "./change-role";
import { ConfirmStep } from "./confirm-step";

interface MemberControlsProps {
  readonly member: MemberView;
  readonly actorRole: Role;
  readonly accountName: string;
  readonly actions: Pick<MemberActions, "changeRole" | "endSessions" | "remove" | "leave">;
}

/** What the reader may do about one member: another role, ending their sessions, removing them, or leaving oneself. */
export function MemberControls({ member, actorRole, accountName, actions }: MemberControlsProps) {
  const t = useTranslations("members");
  const { email, userId } = member;
  if (member.self) {
    return (
      <ConfirmStep
        size="sm"
        label={t("leave.open")}
        title={t("leave.title", { account: accountName })}
        effects={[t("leave.effectAccess"), t("leave.effectAccounts"), t("leave.effectReturn")]}
        cancel={t("leave.cancel")}
        confirm={t("leave.confirm")}
        done={t("leave.done")}
        run={actions.leave}
        after={() => location.assign("/accounts")}
      />
    );
  }
  if (!mayGrant(actorRole, member.role)) return null;
  return (
    <div className="ml-auto flex flex-wrap gap-2 whitespace-nowrap max-sm:ml-0 sm:w-64 sm:justify-end">
      <ChangeRole key={member.role} member={member} actorRole={actorRole} changeRole={actions.changeRole} />
      {member.lastSeenAt && (
        <ConfirmStep
          size="sm"
          label={t("endSessions.open")}
          name={t("endSessions.openOf", { email })}
          title={t("endSessions.title", { email })}
          effects={[
            t("endSessions.effectOut"),
            t("endSessions.effectStay"),
            t("endSessions.effectElsewhere"),
          ]}
          cancel={t("endSessions.cancel")}
          confirm={t("endSessions.confirm")}
          done={t("endSessions.done")}
          run={() => actions.endSessions({ userId })}
        />
      )}
      <ConfirmStep
        size="sm"
        label={t("remove.open")}
        name={t("remove.openOf", { email })}
        title={t("remove.title", { email })}
        effects={[t("remove.effectAccess"), t("remove.effectWork"), t("remove.effectReturn")]}
        cancel={t("remove.cancel")}
        confirm={t("remove.confirm")}
        done={t("remove.done")}
        run={() => actions.remove({ userId })}
      />
    </div>
  );
}
