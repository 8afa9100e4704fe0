import { Check, Clock, KeyRound, type LucideIcon, TriangleAlert } from "lucide-react";
import { useTranslations } from "next-intl";
import { StatusPill, type Tone } from "@/components/ui/status";
import type { Verdict } from "@/lib/domain/preflight";

const looks: Readonly<Record<Verdict, readonly [Tone, LucideIcon]>> = {
  rejected: ["warn", TriangleAlert],
  wrong_token: ["bad", KeyRound],
  quiet: ["idle", Clock],
  ready: ["good", Check],
};

/** A caller's verdict in one or two words. */
export function VerdictPill({ verdict }: { readonly verdict: Verdict }) {
  const t = useTranslations("preflight.verdict");
  const [tone, icon] = looks[verdict];
  return (
    <StatusPill tone={tone} icon={icon}>
      {t(verdict)}
    </StatusPill>
  );
}
