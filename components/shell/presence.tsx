"use client";

import { useTranslations } from "next-intl";
import { useEffect, useRef, useState } from "react";
import { usePacedRefresh } from "@/components/live/use-paced-refresh";
import { reenterAccountAction } from "@/lib/actions/accounts";
import { Button } from "../ui/button";
import { Dialog, DialogActions } from "../ui/dialog";

/** Use is told this often at most, and a visible page looks this often whether it is still signed in. */
const tellEveryMs = 5 * 60_000;
const lookEveryMs = 20_000;

/**
 * Tells that a person uses the page, so that the session does not end under their hands, and leads to the login
 * page when it ended elsewhere. What the page does by itself counts as no use.
 */
export function Presence() {
  const { happened } = usePacedRefresh();
  useEffect(() => {
    let told = Date.now();
    const stop = new AbortController();

    async function ask(method: "GET" | "POST") {
      const { signal } = stop;
      const response = await fetch("/api/presence", { method, signal }).catch(() => null);
      // Read anew, the page finds out where to go.
      if (response?.status === 401) happened();
    }
    function use() {
      if (Date.now() - told < tellEveryMs) return;
      told = Date.now();
      void ask("POST");
    }
    function look() {
      if (document.visibilityState === "visible") void ask("GET");
    }

    const options = { passive: true, capture: true, signal: stop.signal };
    for (const event of ["pointerdown", "keydown"]) window.addEventListener(event, use, options);
    document.addEventListener("visibilitychange", look, options);
    const timer = setInterval(look, lookEveryMs);
    return () => {
      clearInterval(timer);
      stop.abort();
    };
  }, [happened]);
  return null;
}

interface AccountWatchProps {
  readonly accountId: string;
  readonly accountName: string;
}

/**
 * A browser is in one account at a time, whatever its tabs show. When another tab goes to another account,
 * this one stops until its reader has chosen: nothing is done in an account that is not on the screen.
 */
export function AccountWatch({ accountId, accountName }: AccountWatchProps) {
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
    const result = await reenterAccountAction(accountId).catch(() => null);
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
