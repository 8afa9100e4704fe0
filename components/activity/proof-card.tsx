import { ListChecks } from "lucide-react";
import { useTranslations } from "next-intl";
import type { AuditKey } from "@/lib/domain/audit-checkpoint";
import type { AuditFilter } from "@/lib/domain/audit-filter";
import type { ChainCheck } from "@/lib/domain/audit-verification";
import { Card, CardBody, CardHead } from "../ui/card";
import { CopyField } from "../ui/copy-button";
import { ButtonLink } from "../ui/link";
import { Notice } from "../ui/status";
import { activityHref } from "./event-filter";

/** Where anyone can fetch the public key. */
const keyPath = "/.well-known/latchkey-audit-key.json";

/** Not a sentence: what one types into a terminal. */
const command = "npm run audit-verify -- latchkey-audit.jsonl --key latchkey-audit-key.json";

/** Where this card stands on its page. */
const proofId = "proof";

interface ProofCardProps {
  readonly filter: AuditFilter;
  readonly publicKey: AuditKey;
  readonly canExport: boolean;
  /** null when nobody asked. */
  readonly check: ChainCheck | null;
}

/** How one sees that the trail is as it was written. */
export function ProofCard({ filter, publicKey, canExport, check }: ProofCardProps) {
  const t = useTranslations("activity.proof");
  return (
    <Card id={proofId} aria-labelledby="proof-title" className="mt-6">
      <CardHead
        id="proof-title"
        title={t("title")}
        description={t("description")}
        aside={
          <ButtonLink
            href={`${activityHref(filter, { check: "chain" })}#${proofId}`}
            prefetch={false}
            size="sm"
          >
            <ListChecks aria-hidden />
            {t("check")}
          </ButtonLink>
        }
      />
      <CardBody className="grid gap-4 pt-0 md:pt-0">
        {check && <CheckNotice check={check} />}
        <p className="text-pretty text-muted">{t(canExport ? "export" : "noExport")}</p>
        {canExport && (
          <pre className="whitespace-pre-wrap break-all rounded-md bg-sunken px-3 py-2">{command}</pre>
        )}
        <CopyField
          label={t("key")}
          value={JSON.stringify(publicKey)}
          copyLabel={t("copyKey")}
          hint={t.rich("keyHint", {
            path: keyPath,
            a: (chunks) => (
              <a href={keyPath} download className="font-medium text-accent underline underline-offset-3">
                {chunks}
              </a>
            ),
          })}
        />
      </CardBody>
    </Card>
  );
}

function CheckNotice({ check }: { readonly check: ChainCheck }) {
  const t = useTranslations("activity.proof");
  if (check.whole) {
    return (
      <Notice tone="good" role="status">
        {t("whole", { events: check.events })}
      </Notice>
    );
  }
  const { expected, found } = check.breach;
  return (
    <Notice tone="bad" role="alert" title={t("brokenTitle")}>
      {t("broken", { event: Math.min(expected, found ?? expected) })}
    </Notice>
  );
}
