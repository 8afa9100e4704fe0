"use client";

import { Check } from "lucide-react";
import { useTranslations } from "next-intl";
import { type Ref, useEffect, useRef, useState } from "react";
import { Button } from "@/components/ui/button";
import { DataTable, TableCell, TableRow } from "@/components/ui/list";
import { RelativeTime } from "@/components/ui/relative-time";
import { StatusPill } from "@/components/ui/status";
import type { MemberView } from "@/lib/domain/membership";
import type { Role } from "@/lib/domain/permissions";
import type { MemberActions } from "./actions";
import { MemberControls } from "./member-controls";

/** Members shown before one asks for all. */
const shownAtFirst = 10;

interface MemberTableProps {
  readonly members: readonly MemberView[];
  readonly actorRole: Role;
  readonly accountName: string;
  readonly actions: MemberActions;
}

/** The members of the account, each with what the reader may do about them. */
export function MemberTable({ members, ...rest }: MemberTableProps) {
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
            {...rest}
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

type MemberRowProps = Omit<MemberTableProps, "members"> & {
  readonly ref: Ref<HTMLTableRowElement> | undefined;
  readonly member: MemberView;
};

function MemberRow({ ref, member, actorRole, accountName, actions }: MemberRowProps) {
  const t = useTranslations("members");
  const role = useTranslations("common.role");
  const { email, name, joinedAt, lastSeenAt } = member;
  return (
    <TableRow ref={ref} tabIndex={ref ? -1 : undefined}>
      <TableCell>
        <p className="font-medium wrap-anywhere">
          {name ?? email}
          {member.self && <span className="font-normal text-muted"> {t("you")}</span>}
        </p>
        {name && <p className="text-muted text-xs wrap-anywhere">{email}</p>}
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
        <MemberControls member={member} actorRole={actorRole} accountName={accountName} actions={actions} />
      </TableCell>
    </TableRow>
  );
}
