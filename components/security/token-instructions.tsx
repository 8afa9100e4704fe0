import Link from "next/link";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { CallSamples } from "@/components/instances/call-samples";
import { InstanceSecretProvider } from "@/components/instances/instance-secret";
import { instancePlaceholder } from "@/components/instances/samples";
import { CardBody } from "@/components/ui/card";
import type { TokenStatus } from "@/lib/domain/enforcement";
import type { InstanceSummary } from "@/lib/domain/instance";

interface TokenInstructionsProps {
  readonly origin: string;
  /** Whose URL the samples carry; null when there is no instance yet. */
  readonly newest: InstanceSummary | null;
  /** Whether this person may see instance tokens. */
  readonly mayReveal: boolean;
  readonly status: Exclude<TokenStatus, "none">;
}

const intros = { disabled: "intro", staged: "introStaged", active: "introDemanded" } as const;

/** How callers send the header, with the reader's own URL. */
export function TokenInstructions({ origin, newest, mayReveal, status }: TokenInstructionsProps) {
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
        mayReveal={mayReveal && newest !== null}
      >
        <CallSamples name={name} echo={!newest?.upstreamUrl} />
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
