import { CirclePause, CirclePlay, Lock, LockOpen, type LucideIcon, UserCheck } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { PageHeader } from "@/components/ui/card";
import { BackLink } from "@/components/ui/link";
import { StatusPill, type Tone } from "@/components/ui/status";
import { code, term, WrapText } from "@/components/ui/text";
import { type InstanceProtection, protectionOf, type TokenStatus } from "@/lib/domain/enforcement";
import type { InstanceDetail } from "@/lib/domain/instance";
import type { SecurityTokenView } from "@/lib/domain/security-token";
import { wireAnswers } from "./samples";

interface InstanceHeaderProps {
  readonly instance: InstanceDetail;
  readonly token: SecurityTokenView;
}

function securityLink(chunks: ReactNode) {
  return (
    <Link href="/security" className="underline underline-offset-4">
      {chunks}
    </Link>
  );
}

/** Which words say what calls must carry; of an open instance also why it is open. */
function demandOf(protection: InstanceProtection, status: TokenStatus) {
  if (protection !== "open") return protection;
  return status === "none" || status === "disabled" ? status : "open";
}

/** The way back, the instance's name and, in plain words, what its callers get now. */
export function InstanceHeader({ instance, token }: InstanceHeaderProps) {
  const t = useTranslations("instances.detail");
  const { name, paused, upstreamUrl } = instance;
  const protection = protectionOf(token.status, instance.enforced);
  const answers = upstreamUrl === null ? t("lede.echo") : t("lede.upstream", { upstream: upstreamUrl });
  const enforcement = t.rich(`token.${demandOf(protection, token.status)}`, { term, link: securityLink });
  return (
    <>
      <BackLink href="/instances">{t("back")}</BackLink>
      <PageHeader
        title={<span className="wrap-anywhere">{name}</span>}
        lede={
          <WrapText>
            {paused ? t.rich("lede.paused", { code, answer: wireAnswers.paused }) : answers}{" "}
            {!paused && enforcement}
          </WrapText>
        }
        actions={
          <>
            <InstanceStatus paused={paused} />
            <InstanceProtectionStatus protection={protection} />
          </>
        }
      />
    </>
  );
}

/** Whether an instance takes calls, in one word. Whether the token is enforced on it is another matter. */
export function InstanceStatus({ paused }: { readonly paused: boolean }) {
  const t = useTranslations("instances.status");
  if (paused) {
    return (
      <StatusPill tone="warn" icon={CirclePause}>
        {t("paused")}
      </StatusPill>
    );
  }
  return (
    <span className="inline-flex items-center gap-1.5 text-muted text-xs">
      <CirclePlay aria-hidden className="size-3 shrink-0" />
      {t("running")}
    </span>
  );
}

const looks: Readonly<Record<InstanceProtection, readonly [Tone, LucideIcon]>> = {
  enforced: ["good", Lock],
  known: ["good", UserCheck],
  open: ["idle", LockOpen],
};

/** Whether the token is enforced on an instance, in one to three words. */
export function InstanceProtectionStatus({ protection }: { readonly protection: InstanceProtection }) {
  const t = useTranslations("instances.protection");
  const [tone, icon] = looks[protection];
  return (
    <StatusPill tone={tone} icon={icon}>
      {t(protection)}
    </StatusPill>
  );
}
