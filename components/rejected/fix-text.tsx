import { useTranslations } from "next-intl";
import { TextLink } from "@/components/ui/link";
import { term } from "@/components/ui/text";
import { placeholderToolOf } from "@/lib/domain/presented-token";
import { fixPlaces, type RejectionReason } from "@/lib/domain/rejection";
import { fixHref } from "./fix-href";

interface FixTextProps {
  readonly reason: RejectionReason;
  readonly instanceId: string;
  /** Short name of the program; empty when it gave none. */
  readonly agent: string;
}

/** What a caller does wrong and what to do instead, in plain words, with the way there. */
export function FixText({ reason, instanceId, agent }: FixTextProps) {
  const t = useTranslations("rejected");
  const tool = useTranslations("preflight.tool");
  return (
    <>
      {t.rich(`fix.${reason}`, { term })} {reason === "placeholder" && `${tool(placeholderToolOf(agent))} `}
      <TextLink href={fixHref(reason, instanceId)} prefetch={false} className="whitespace-nowrap">
        {t(`place.${fixPlaces[reason]}`)}
      </TextLink>
    </>
  );
}
