import Link from "next/link";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { instancePlaceholder } from "@/components/instances/base-url";
import { samplePath } from "@/components/instances/call-card";
import { CallSamples } from "@/components/instances/call-samples";
import { InstanceSecretProvider, type RevealToken } from "@/components/instances/instance-secret";
import { CardBody } from "@/components/ui/card";
import type { TokenStatus } from "@/lib/domain/enforcement";
import type { InstanceSummary } from "@/lib/domain/instance";

interface TokenInstructionsProps {
  readonly origin: string;
  /** Whose URL the samples carry; null when there is no instance yet. */
  readonly newest: InstanceSummary | null;
  /** null: this person may not see instance tokens. */
  readonly reveal: RevealToken | null;
  readonly status: Exclude<TokenStatus, "none">;
}

const intros = { disabled: "intro", staged: "introStaged", active: "introDemanded" } as const;

/** How callers send the header, with the reader's own URL. */
export function TokenInstructions({ origin, newest, reveal, status }: TokenInstructionsProps) {
  const t = useTranslations("security.ready");
  const name = newest?.name ?? instancePlaceholder;
  return (
    <CardBody className="grid grid-cols-1 gap-3">
      <div className="grid gap-2">
        <h3 className="font-semibold">{t("title")}</h3>
        <p className="text-pretty wrap-anywhere">
          {t(intros[status])}{" "}
          {newest ? t("forInstance", { name }) : t.rich("noInstance", { link: instancesLink })}
        </p>
      </div>
      <InstanceSecretProvider
        origin={origin}
        instanceId={newest?.id ?? instancePlaceholder}
        reveal={newest && reveal}
      >
        <CallSamples name={name} path={samplePath(!newest?.upstreamUrl)} />
      </InstanceSecretProvider>
      <p className="text-pretty text-muted">{t(status === "disabled" ? "shownOnce" : "shownOnceDemanded")}</p>
    </CardBody>
  );
}

function instancesLink(chunks: ReactNode) {
  return (
    <Link href="/instances" className="text-text underline underline-offset-4">
      {chunks}
    </Link>
  );
}
