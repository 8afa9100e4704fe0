import { ArrowLeft, CirclePause } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { PageHeader } from "@/components/ui/card";
import { StatusPill } from "@/components/ui/status";
import { code, term } from "@/components/ui/text";
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

/** The way back, the instance's name and, in plain words, what its callers get now. */
export function InstanceHeader({ instance, token }: InstanceHeaderProps) {
  const t = useTranslations("instances.detail");
  const { name, paused, upstreamUrl } = instance;
  const answers = upstreamUrl === null ? t("lede.echo") : t("lede.upstream", { upstream: upstreamUrl });
  const enforcement = t.rich(`token.${token.status}`, {
    term,
    link: securityLink,
    enforced: token.enforcedInstances,
    total: token.totalInstances,
  });
  return (
    <>
      <Link
        href="/instances"
        className="mb-2 inline-flex items-center gap-1.5 rounded-md py-0.5 text-muted hover:text-text"
      >
        <ArrowLeft aria-hidden className="size-4" />
        {t("back")}
      </Link>
      <PageHeader
        title={<span className="wrap-anywhere">{name}</span>}
        lede={
          <span className="wrap-anywhere">
            {paused ? t.rich("lede.paused", { code, answer: wireAnswers.paused }) : answers}{" "}
            {!paused && enforcement}
          </span>
        }
        actions={<InstanceStatus paused={paused} />}
      />
    </>
  );
}

/** Whether an instance takes calls, in one word. */
export function InstanceStatus({ paused }: { readonly paused: boolean }) {
  const t = useTranslations("instances.status");
  if (paused) {
    return (
      <StatusPill tone="warn" icon={CirclePause}>
        {t("paused")}
      </StatusPill>
    );
  }
  return <StatusPill tone="good">{t("active")}</StatusPill>;
}
