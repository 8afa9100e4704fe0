"use client";

import { useTranslations } from "next-intl";
import { useEffect, useRef, useState } from "react";
import type { ActionResult } from "@/lib/domain/errors";
import { Button } from "../ui/button";
import { Dialog, DialogActions } from "../ui/dialog";

interface AccountWatchProps {
  readonly accountId: string;
  readonly accountName: string;
  readonly reenter: (accountId: string) => Promise<ActionResult<unknown>>;
}

/**
 * A browser is in one account at a time, whatever its tabs show. When another tab goes to another account,
 * this one stops until its reader has chosen: nothing is done in an account that is not on the screen.
 */
export function AccountWatch({ accountId, accountName, reenter }: AccountWatchProps) {
  const t = useTranslations("common.accounts.moved");
  const channel = useRef<BroadcastChannel | null>(null);
  const [other, setOther] = useState<string | null>(null);
  const [pending, setPending] = useState(false);

  useEffect(() => {
    const opened = new BroadcastChannel("latchkey-account");
    channel.current = opened;
    opened.onmessage = ({ data }: MessageEvent<{ id: string; name: string }>) =>
      setOther(data.id === accountId ? null : data.name);
    opened.postMessage({ id: accountId, name: accountName });
    return () => opened.close();
  }, [accountId, accountName]);

  async function goBack() {
    setPending(true);
    const result = await reenter(accountId).catch(() => null);
    setPending(false);
    if (!result?.ok) return location.assign("/accounts");
    channel.current?.postMessage({ id: accountId, name: accountName });
    setOther(null);
  }

  return (
    <Dialog
      open={other !== null}
      onOpenChange={() => {}}
      dismissable={false}
      title={<span className="wrap-anywhere">{t("title", { account: other ?? "" })}</span>}
      description={<span className="wrap-anywhere">{t("text", { account: accountName })}</span>}
    >
      <DialogActions>
        <Button onClick={() => location.assign("/overview")}>{t("follow")}</Button>
        <Button variant="primary" pending={pending} onClick={goBack}>
          {t("back")}
        </Button>
      </DialogActions>
    </Dialog>
  );
}
