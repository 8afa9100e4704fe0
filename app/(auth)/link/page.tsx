import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { getTranslations } from "next-intl/server";
import { AuthLink, AuthPanel } from "@/components/auth/auth-panel";
import { LinkForm } from "@/components/auth/confirm-sign-in-forms";
import { pendingLink } from "@/lib/auth/cookies";
import { currentActor } from "@/lib/auth/current-actor";
import { providerName } from "@/lib/auth/single-sign-on";
import { loginPath, returnPath } from "@/lib/auth/urls";
import { isProofFresh } from "@/lib/domain/session";
import { readPendingLink } from "@/lib/services/identities/link-identity";

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("auth.linkSignIn");
  return { title: t("title") };
}

interface LinkPageProps {
  readonly searchParams: Promise<{ readonly callbackUrl?: string | readonly string[] }>;
}

/** Asks the person whose address a provider has verified for the log-in they have had until now. */
export default async function LinkPage({ searchParams }: LinkPageProps) {
  const wanted = returnPath((await searchParams).callbackUrl);
  const person = await readPendingLink(await pendingLink());
  const name = providerName();
  if (!person || !name) redirect(loginPath("/login", wanted, { sso: "link_over" }));
  const actor = await currentActor();
  const proven = actor?.userId === person.userId && isProofFresh(actor.provenAt, new Date());
  const t = await getTranslations("auth.linkSignIn");
  return (
    <AuthPanel
      title={t("title")}
      lede={t(proven ? "provenLede" : "lede", { name })}
      foot={<AuthLink href={actor ? wanted : loginPath("/login", wanted)}>{t("later")}</AuthLink>}
    >
      <LinkForm key={String(proven)} callbackUrl={wanted} email={person.email} proven={proven} />
    </AuthPanel>
  );
}
