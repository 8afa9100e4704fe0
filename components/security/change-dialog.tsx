"use client";

import { useFormatter, useTranslations } from "next-intl";
import { wireAnswers } from "@/components/instances/samples";
import { DateTime } from "@/components/ui/date-time";
import { Notice } from "@/components/ui/status";
import { code, Effects } from "@/components/ui/text";
import { toast } from "@/components/ui/toaster";
import {
  deactivateTokenAction,
  finishRotationAction,
  regenerateTokenAction,
  removeTokenAction,
} from "@/lib/actions/security-token";
import type { RetiringToken, SecurityTokenView } from "@/lib/domain/security-token";
import type { TokenOrigin } from "./new-token-dialog";
import { OldTokenCallers } from "./rotation-state";
import { ConfirmChange, type TokenDialogProps } from "./token-dialog";

interface ChangeDialogProps extends TokenDialogProps {
  readonly change: "regenerate" | "deactivate" | "remove" | "finish";
  readonly onMade: (token: string, origin: TokenOrigin) => void;
}

/** Asks before a change that takes one click, and says what it will do to whom. */
export function ChangeDialog({ change, onMade, ...dialog }: ChangeDialogProps) {
  const { page, seen, run } = dialog;
  const t = useTranslations(`security.dialog`);
  const tokenId = seen.tokenId ?? "";
  const values = {
    code,
    total: seen.totalInstances,
    enforced: seen.enforcedInstances,
    lastFour: seen.lastFour ?? "",
    old: seen.retiring?.lastFour ?? "",
  };
  const both = seen.retiring && (change === "regenerate" || change === "remove");
  const rejecting = page.preflight?.rotation?.enforced ?? 0;

  function confirm() {
    if (change === "regenerate") {
      return run(
        () => regenerateTokenAction({ tokenId }),
        ({ token }) => onMade(token, "fresh"),
      );
    }
    const action = {
      deactivate: () => deactivateTokenAction(),
      remove: () => removeTokenAction({ tokenId }),
      finish: () => finishRotationAction({ tokenId: seen.retiring?.id ?? "" }),
    }[change];
    return run(action, ({ totalInstances: total }) => toast.success(t(`${change}.done`, { total })));
  }

  return (
    <ConfirmChange
      {...dialog}
      change={change}
      title={t(`${change}.title`)}
      description={both ? t.rich(`${change}.both`, values) : t.rich(`${change}.description`, values)}
      submit={t(`${change}.submit`)}
      variant={change === "finish" && rejecting === 0 ? "primary" : "danger"}
      onConfirm={confirm}
    >
      {change === "deactivate" && <Deactivating page={page} seen={seen} />}
      {change === "regenerate" && <Regenerating seen={seen} />}
      {change === "remove" && <Removing seen={seen} />}
      {change === "finish" && <Finishing page={page} seen={seen} />}
    </ConfirmChange>
  );
}

type Seen = Pick<TokenDialogProps, "seen">;

const countsOf = ({ totalInstances: total, enforcedInstances: enforced }: SecurityTokenView) => ({
  total,
  enforced,
});

function Deactivating({ page, seen }: Pick<TokenDialogProps, "page" | "seen">) {
  const t = useTranslations("security.dialog.deactivate");
  const counts = countsOf(seen);
  return (
    <>
      {seen.status === "active" && (
        <InstanceNames names={page.newestInstances.map(({ name }) => name)} total={seen.totalInstances} />
      )}
      <Effects>
        <li>{t("open", counts)}</li>
        <li>{t("senders")}</li>
        {seen.status === "staged" && <li>{t("chosen")}</li>}
        <li>{t.rich("kept", { code, lastFour: seen.lastFour ?? "" })}</li>
        {seen.retiring && <RotationGoesOn retiring={seen.retiring} />}
      </Effects>
    </>
  );
}

/** Which instances a change is about: all by name when few, else some and how many more. */
function InstanceNames({ names, total }: { readonly names: readonly string[]; readonly total: number }) {
  const t = useTranslations("security.dialog");
  const format = useFormatter();
  if (total === 0) return null;
  const more = total - names.length;
  // "and" comes last: before the last name, or before the count.
  const list = format.list(
    names.map((name) => t("quoted", { name })),
    more > 0 ? { type: "unit" } : { type: "conjunction" },
  );
  return <p className="text-pretty text-muted wrap-anywhere">{t("names", { total, more, names: list })}</p>;
}

/** Deactivating leaves a rotation as it is. */
function RotationGoesOn({ retiring }: { readonly retiring: RetiringToken }) {
  const t = useTranslations("security.dialog.deactivate");
  const { lastFour: old, retireAt } = retiring;
  const when = () => retireAt && <DateTime date={retireAt} />;
  return <li>{retireAt ? t.rich("oldUntil", { code, old, when }) : t.rich("oldOpen", { code, old })}</li>;
}

function Regenerating({ seen }: Seen) {
  const t = useTranslations("security.dialog.regenerate");
  const values = { code, answer: wireAnswers.wrongToken };
  return (
    <Effects>
      <li>{t("nobody", countsOf(seen))}</li>
      <li>{t.rich(seen.retiring ? "sendersOfBoth" : "senders", values)}</li>
    </Effects>
  );
}

function Removing({ seen }: Seen) {
  const t = useTranslations("security.dialog.remove");
  return (
    <Effects>
      <li>{t("nobody", countsOf(seen))}</li>
      <li>{t("senders")}</li>
      <li>{t("again")}</li>
    </Effects>
  );
}

/** Whom ending the old token would reject, by name and instance, as it is now. */
function Finishing({ page, seen }: Pick<TokenDialogProps, "page" | "seen">) {
  const t = useTranslations("security.dialog.finish");
  const progress = page.preflight?.rotation;
  const sending = progress && progress.total + progress.others > 0;
  return (
    <>
      {sending ? (
        <Notice
          tone={progress.enforced > 0 ? "bad" : "warn"}
          title={t("breaks", { enforced: progress.enforced })}
        >
          <div className="mt-2">
            <OldTokenCallers progress={progress} />
          </div>
        </Notice>
      ) : (
        progress && <Notice tone="good">{t("nobody")}</Notice>
      )}
      <Effects>
        {seen.status === "disabled" && <li>{t("disabled")}</li>}
        <li>{t.rich("right", { code, lastFour: seen.lastFour ?? "" })}</li>
        <li>{t("last")}</li>
      </Effects>
    </>
  );
}
