import { ArrowLeftRight } from "lucide-react";
import { getTranslations } from "next-intl/server";
import { MessagePage } from "@/components/shell/plain-page";
import { SubmitButton } from "@/components/ui/submit-button";
import { enterAccountAction } from "@/lib/actions/accounts";
import type { OwnAccount } from "@/lib/domain/membership";

interface ElsewhereProps {
  readonly account: OwnAccount;
  readonly path: string;
}

/** For a link to something in another account of the reader's own: one click leads there. */
export async function Elsewhere({ account, path }: ElsewhereProps) {
  const t = await getTranslations("common.accounts.elsewhere");
  return (
    <MessagePage icon={ArrowLeftRight} title={t("title")} text={t("text", { account: account.name })}>
      <form action={enterAccountAction}>
        <input type="hidden" name="accountId" value={account.id} />
        <input type="hidden" name="path" value={path} />
        <SubmitButton>
          <span className="wrap-anywhere">{t("action", { account: account.name })}</span>
        </SubmitButton>
      </form>
    </MessagePage>
  );
}
