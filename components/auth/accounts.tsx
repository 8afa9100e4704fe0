import { Check } from "lucide-react";
import { useTranslations } from "next-intl";
import { createAccountAction, enterAccountAction } from "@/lib/actions/accounts";
import { nameMaxLength } from "@/lib/domain/instance";
import type { OwnAccount } from "@/lib/domain/membership";
import { ButtonLink } from "../ui/link";
import { StatusPill } from "../ui/status";
import { SubmitButton } from "../ui/submit-button";
import { AuthField, AuthForm } from "./auth-form";

interface AccountListProps {
  readonly accounts: readonly OwnAccount[];
  /** The account one is in; null for none. */
  readonly current: string | null;
}

/** The accounts that a person may enter, each with a button that does. */
export function AccountList({ accounts, current }: AccountListProps) {
  const t = useTranslations("accounts");
  const role = useTranslations("common.role");
  return (
    <ul aria-label={t("list")} className="-mx-4 border-line border-y md:-mx-6">
      {accounts.map((account) => (
        <li
          key={account.id}
          className="flex items-center justify-between gap-4 border-line px-4 py-3 not-last:border-b md:px-6"
        >
          <div className="min-w-0">
            <p className="font-medium wrap-anywhere">{account.name}</p>
            <p className="flex flex-wrap items-center gap-2 text-muted text-xs">
              {role(account.role)}
              {account.id === current && (
                <StatusPill tone="good" icon={Check}>
                  {t("current")}
                </StatusPill>
              )}
            </p>
          </div>
          {account.id === current ? (
            <ButtonLink href="/overview" aria-label={t("openOf", { account: account.name })}>
              {t("open")}
            </ButtonLink>
          ) : (
            <form action={enterAccountAction} className="grid shrink-0">
              <input type="hidden" name="accountId" value={account.id} />
              <SubmitButton variant="secondary" aria-label={t("openOf", { account: account.name })}>
                {t("open")}
              </SubmitButton>
            </form>
          )}
        </li>
      ))}
    </ul>
  );
}

interface CreateAccountProps {
  /** True when the person has none: then this is what to do next. */
  readonly first: boolean;
}

/** Makes an account whose owner is the one signed in. */
export function CreateAccount({ first }: CreateAccountProps) {
  const t = useTranslations("accounts.create");
  return (
    <AuthForm action={createAccountAction} submit={t("submit")} variant={first ? "primary" : "secondary"}>
      <AuthField
        name="accountName"
        label={t(first ? "first" : "name")}
        hint={t("hint")}
        autoComplete="organization"
        required
        maxLength={nameMaxLength}
      />
    </AuthForm>
  );
}
