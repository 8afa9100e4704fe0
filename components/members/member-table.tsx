"use client";

import { Check } from "lucide-react";
import { useTranslations } from "next-intl";
import { type Ref, useEffect, useRef, useState } from "react";
import { ConfirmButton } from "@/components/shell/confirm-button";
import { FormDialog, useFormDialog } from "@/components/shell/form-dialog";
import { Button } from "@/components/ui/button";
import { DataTable, TableCell, TableRow } from "@/components/ui/list";
import { RelativeTime } from "@/components/ui/relative-time";
import { StatusPill } from "@/components/ui/status";
import { WrapText } from "@/components/ui/text";
import { toast } from "@/components/ui/toaster";
import {
  changeMemberRoleAction,
  endMemberSessionsAction,
  leaveAccountAction,
  removeMemberAction,
} from "@/lib/actions/members";
import { grantableRoles, type MemberView, mayGrant } from "@/lib/domain/membership";
import type { Role } from "@/lib/domain/permissions";
import { RoleChoice } from "./role-choice";

/** Members shown before one asks for all. */
const shownAtFirst = 10;

/** Who looks, and in which account. */
interface ViewerProps {
  readonly actorRole: Role;
  readonly accountName: string;
}

/** The members of the account, each with what the reader may do about them. */
export function MemberTable({
  members,
  ...viewer
}: ViewerProps & { readonly members: readonly MemberView[] }) {
  const t = useTranslations("members");
  const [all, setAll] = useState(false);
  const firstNew = useRef<HTMLTableRowElement>(null);
  // The button that was clicked is gone: whoever works by keyboard goes on where the list grew.
  useEffect(() => {
    if (all) firstNew.current?.focus();
  }, [all]);
  const shown = all ? members : members.slice(0, shownAtFirst);
  const columns = [
    { id: "who", label: t("columns.who") },
    { id: "role", label: t("columns.role") },
    { id: "seen", label: t("columns.seen") },
    { id: "twoStep", label: t("columns.twoStep"), className: "whitespace-nowrap" },
    { id: "controls", label: t("columns.controls"), hideLabel: true },
  ];
  return (
    <>
      <DataTable caption={t("caption")} columns={columns}>
        {shown.map((member, index) => (
          <MemberRow
            key={member.userId}
            ref={index === shownAtFirst ? firstNew : undefined}
            member={member}
            {...viewer}
          />
        ))}
      </DataTable>
      {shown.length < members.length && (
        <div className="border-line border-t p-4 md:px-6">
          <Button onClick={() => setAll(true)}>{t("all", { count: members.length })}</Button>
        </div>
      )}
    </>
  );
}

interface MemberProps extends ViewerProps {
  readonly member: MemberView;
}

function MemberRow({ ref, ...props }: MemberProps & { readonly ref: Ref<HTMLTableRowElement> | undefined }) {
  const t = useTranslations("members");
  const role = useTranslations("common.role");
  const { member } = props;
  const { email, name, joinedAt, lastSeenAt } = member;
  return (
    <TableRow ref={ref} tabIndex={ref ? -1 : undefined}>
      <TableCell>
        <p className="font-medium">
          <WrapText>{name ?? email}</WrapText>
          {member.self && <span className="font-normal text-muted"> {t("you")}</span>}
        </p>
        {name && (
          <p className="text-muted text-xs">
            <WrapText>{email}</WrapText>
          </p>
        )}
        <p className="text-muted text-xs">
          {t.rich("joined", { when: () => <RelativeTime date={joinedAt} /> })}
        </p>
      </TableCell>
      <TableCell label={t("columns.role")}>{role(member.role)}</TableCell>
      <TableCell label={t("columns.seen")} className="md:whitespace-nowrap">
        {lastSeenAt ? <RelativeTime date={lastSeenAt} /> : <span className="text-muted">{t("never")}</span>}
      </TableCell>
      <TableCell label={t("columns.twoStep")}>
        {member.twoStep ? (
          <StatusPill tone="good" icon={Check}>
            {t("twoStep.on")}
          </StatusPill>
        ) : (
          <span className="text-muted">{t("twoStep.off")}</span>
        )}
      </TableCell>
      <TableCell className="max-sm:pt-1.5 sm:text-right">
        <MemberControls {...props} />
      </TableCell>
    </TableRow>
  );
}

/** What the reader may do about one member: another role, ending their sessions, removing them, or leaving oneself. */
function MemberControls({ member, actorRole, accountName }: MemberProps) {
  const t = useTranslations("members");
  const { email, userId } = member;
  if (member.self) {
    return (
      <ConfirmButton
        size="sm"
        label={t("leave.open")}
        title={t("leave.title", { account: accountName })}
        effects={
          <>
            <li>{t("leave.effectAccess")}</li>
            <li>{t("leave.effectAccounts")}</li>
            <li>{t("leave.effectReturn")}</li>
          </>
        }
        submit={t("leave.confirm")}
        submitVariant="danger"
        run={() => leaveAccountAction()}
        onDone={() => {
          toast.success(t("leave.done"));
          location.assign("/accounts");
        }}
      />
    );
  }
  if (!mayGrant(actorRole, member.role)) return null;
  return (
    <div className="ml-auto flex flex-wrap gap-2 whitespace-nowrap max-sm:ml-0 sm:w-64 sm:justify-end">
      <ChangeRole key={member.role} member={member} actorRole={actorRole} />
      {member.lastSeenAt && (
        <ConfirmButton
          size="sm"
          label={t("endSessions.open")}
          name={t("endSessions.openOf", { email })}
          title={t("endSessions.title", { email })}
          effects={
            <>
              <li>{t("endSessions.effectOut")}</li>
              <li>{t("endSessions.effectStay")}</li>
              <li>{t("endSessions.effectElsewhere")}</li>
            </>
          }
          submit={t("endSessions.confirm")}
          submitVariant="danger"
          run={() => endMemberSessionsAction({ userId })}
          onDone={() => toast.success(t("endSessions.done"))}
        />
      )}
      <ConfirmButton
        size="sm"
        label={t("remove.open")}
        name={t("remove.openOf", { email })}
        title={t("remove.title", { email })}
        effects={
          <>
            <li>{t("remove.effectAccess")}</li>
            <li>{t("remove.effectWork")}</li>
            <li>{t("remove.effectReturn")}</li>
          </>
        }
        submit={t("remove.confirm")}
        submitVariant="danger"
        run={() => removeMemberAction({ userId })}
        onDone={() => toast.success(t("remove.done"))}
      />
    </div>
  );
}

/** Gives a member another role. */
function ChangeRole({ member, actorRole }: Pick<MemberProps, "member" | "actorRole">) {
  const t = useTranslations("members.change");
  const { show, send, dialog } = useFormDialog();
  const [role, setRole] = useState(member.role);

  function open() {
    setRole(member.role);
    show();
  }

  function change() {
    send(
      () => changeMemberRoleAction({ userId: member.userId, role }),
      () => toast.success(t("done")),
    );
  }

  return (
    <>
      <Button size="sm" onClick={open} aria-label={t("openOf", { email: member.email })}>
        {t("open")}
      </Button>
      <FormDialog
        {...dialog}
        title={<WrapText>{t("title", { email: member.email })}</WrapText>}
        description={t("text")}
        send={change}
        submit={t("submit")}
      >
        <RoleChoice roles={grantableRoles(actorRole)} value={role} onChange={setRole} />
      </FormDialog>
    </>
  );
}
