import { useTranslations } from "next-intl";
import { code } from "@/components/instances/code-tag";
import { CardBody } from "@/components/ui/card";
import { DateTime } from "@/components/ui/date-time";
import { Notice } from "@/components/ui/notice";
import type { SecurityTokenView } from "@/lib/domain/security-token";
import { RefreshAt } from "./refresh-at";

/** While two tokens are accepted: which they are, and until when the old one is. */
export function RotationState({ view }: { readonly view: SecurityTokenView }) {
  const t = useTranslations("security.rotation");
  const { retiring } = view;
  if (!retiring) return null;
  const { retireAt } = retiring;
  const values = { code, old: retiring.lastFour, lastFour: view.lastFour ?? "" };
  const when = () => retireAt && <DateTime date={retireAt} />;
  return (
    <CardBody>
      <Notice tone="warn" title={t("title")}>
        <p>{retireAt ? t.rich("until", { ...values, when }) : t.rich("open", values)}</p>
        {retireAt && <RefreshAt at={retireAt} />}
      </Notice>
    </CardBody>
  );
}
