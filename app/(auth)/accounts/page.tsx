import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { AccountList, CreateAccount } from "@/components/auth/accounts";
import { AuthPanel } from "@/components/shell/plain-page";
import { Notice } from "@/components/ui/status";
import { SubmitButton } from "@/components/ui/submit-button";
import { signOutAction } from "@/lib/actions/sign-in";
import { currentActor, requirePerson } from "@/lib/auth/current-actor";
import { listOwnAccounts } from "@/lib/services/account/account";
import { registrationState } from "@/lib/services/account/register";

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("accounts");
  return { title: t("title") };
}

interface AccountsPageProps {
  readonly searchParams: Promise<{ readonly again?: string | string[] }>;
}

export default async function AccountsPage({ searchParams }: AccountsPageProps) {
  const person = await requirePerson();
  const [actor, accounts, registration, t, common] = await Promise.all([
    currentActor(),
    listOwnAccounts(person),
    registrationState(),
    getTranslations("accounts"),
    getTranslations("common"),
  ]);
  const none = accounts.length === 0;
  const { again } = await searchParams;
  const closed = registration === "closed";
  return (
    <AuthPanel
      title={none ? t("none.title") : t("title")}
      lede={none ? t(closed ? "none.closed" : "none.open") : t("lede", { email: person.email })}
    >
      <div className="grid gap-6">
        {again !== undefined && <Notice tone="warn">{t("again")}</Notice>}
        {!none && <AccountList accounts={accounts} current={actor?.accountId ?? null} />}
        {closed ? <Notice tone="idle">{t("closed")}</Notice> : <CreateAccount first={none} />}
        <form action={signOutAction} className="grid">
          <SubmitButton variant="secondary">{common("signOut")}</SubmitButton>
        </form>
      </div>
    </AuthPanel>
  );
}
