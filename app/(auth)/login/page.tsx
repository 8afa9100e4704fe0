import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { getTranslations } from "next-intl/server";
import type { ReactNode } from "react";
import { AuthLink, AuthPanel } from "@/components/auth/auth-panel";
import { LoginForm } from "@/components/auth/login-form";
import { PasskeySignIn } from "@/components/auth/passkey-sign-in";
import { ProviderProblem, ProviderSignIn } from "@/components/auth/provider-sign-in";
import { Notice } from "@/components/ui/status";
import { currentActor, currentPerson } from "@/lib/auth/current-actor";
import { providerName } from "@/lib/auth/single-sign-on";
import { localhostOrigin, loginPath, passkeyObstacle, returnPath } from "@/lib/auth/urls";
import { signOnProblemIn } from "@/lib/domain/single-sign-on";
import { registrationState } from "@/lib/services/account/register";

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("auth.login");
  return { title: t("title") };
}

interface LoginPageProps {
  readonly searchParams: Promise<{
    readonly callbackUrl?: string | readonly string[];
    /** Set when a second step was not finished. */
    readonly over?: string | readonly string[];
    /** Set when a session was over. */
    readonly ended?: string | readonly string[];
    /** Why a sign-in at the provider led back here. */
    readonly sso?: string | readonly string[];
  }>;
}

export default async function LoginPage({ searchParams }: LoginPageProps) {
  const { callbackUrl, over, ended, sso } = await searchParams;
  const wanted = returnPath(callbackUrl);
  if (await currentPerson()) redirect((await currentActor()) ? wanted : "/accounts");
  const t = await getTranslations("auth.login");
  const errors = await getTranslations("errors.code");
  const state = await registrationState();
  const local = await localhostOrigin();
  const provider = providerName();
  const problem = signOnProblemIn(sso);
  const link = (text: ReactNode) => <AuthLink href="/register">{text}</AuthLink>;
  return (
    <AuthPanel
      title={t("title")}
      lede={t("lede")}
      foot={state === "closed" ? null : t.rich(state === "first" ? "first" : "register", { link })}
    >
      {ended === "1" && (
        <Notice tone="idle" className="mb-5">
          {t("ended")}
        </Notice>
      )}
      {over === "1" && (
        <Notice tone="warn" className="mb-5">
          {errors("second_step_over")}
        </Notice>
      )}
      {provider && problem && <ProviderProblem name={provider} problem={problem} />}
      <LoginForm callbackUrl={wanted} />
      <p className="mt-4 text-center">
        <AuthLink href="/forgot">{t("forgot")}</AuthLink>
      </p>
      {provider && <ProviderSignIn name={provider} callbackUrl={wanted} />}
      {(await passkeyObstacle()) === null ? (
        <PasskeySignIn callbackUrl={wanted} />
      ) : (
        local && (
          <p className="mt-4 text-pretty text-center text-muted text-xs">
            {t.rich("passkeyElsewhere", {
              host: new URL(local).host,
              link: (text) => <AuthLink href={`${local}${loginPath("/login", wanted)}`}>{text}</AuthLink>,
            })}
          </p>
        )
      )}
    </AuthPanel>
  );
}
