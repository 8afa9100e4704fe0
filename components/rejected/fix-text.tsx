import { useTranslations } from "next-intl";
import { term } from "@/components/instances/code-tag";
import { TextLink } from "@/components/ui/text-link";
import { fixPlaces, type RejectionReason } from "@/lib/domain/rejection";
import { fixHref } from "./fix-href";

interface FixTextProps {
  readonly reason: RejectionReason;
  readonly instanceId: string;
}

/** What a caller does wrong and what to do instead, in plain words, with the way there. */
export function FixText({ reason, instanceId }: FixTextProps) {
  const t = useTranslations("rejected");
  return (
    <>
      {t.rich(`fix.${reason}`, { term })}{" "}
      <TextLink href={fixHref(reason, instanceId)} prefetch={false} className="whitespace-nowrap">
        {t(`place.${fixPlaces[reason]}`)}
      </TextLink>
    </>
  );
}
