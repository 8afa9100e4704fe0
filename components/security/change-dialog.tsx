"use client";

import { useFormatter, useTranslations } from "next-intl";
import { wireAnswers } from "@/components/instances/samples";
import { DateTime } from "@/components/ui/date-time";
import { code, Effects } from "@/components/ui/text";
import { toast } from "@/components/ui/toaster";
import {
  deactivateTokenAction,
  regenerateTokenAction,
  removeTokenAction,
} from "@/lib/actions/security-token";
import type { RetiringToken, SecurityTokenView } from "@/lib/domain/security-token";
import type { TokenOrigin } from "./new-token-dialog";
import { ConfirmChange, type TokenDialogProps } from "./token-dialog";

interface ChangeDialogProps extends TokenDialogProps {
  readonly change: "regenerate" | "deactivate" | "remove";
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
  const both = seen.retiring && change !== "deactivate";

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
      variant="danger"
      onConfirm={confirm}
    >
      {change === "deactivate" && <Deactivating page={page} seen={seen} />}
      {change === "regenerate" && <Regenerating seen={seen} />}
      {change === "remove" && <Removing seen={seen} />}
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
