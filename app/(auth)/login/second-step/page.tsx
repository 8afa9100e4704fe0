import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { getTranslations } from "next-intl/server";
import { AuthLink, AuthPanel } from "@/components/auth/auth-panel";
import { SecondStepForm } from "@/components/auth/confirm-sign-in-forms";
import { PasskeyStep } from "@/components/auth/passkey-sign-in";
import { pendingSignIn } from "@/lib/auth/cookies";
import { currentActor } from "@/lib/auth/current-actor";
import { loginPath, passkeyObstacle, returnPath } from "@/lib/auth/urls";
import { readSecondStep } from "@/lib/services/session/second-step";

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("auth.secondStep");
  return { title: t("title") };
}

interface SecondStepPageProps {
  readonly searchParams: Promise<{
    readonly callbackUrl?: string | readonly string[];
    readonly way?: string | readonly string[];
  }>;
}

/** Asks whoever has given the password for a second proof. There is no session yet. */
export default async function SecondStepPage({ searchParams }: SecondStepPageProps) {
  const query = await searchParams;
  const wanted = returnPath(query.callbackUrl);
  const pending = await pendingSignIn();
  if (pending === null) redirect((await currentActor()) ? wanted : loginPath("/login", wanted));
  const state = await readSecondStep(pending);
  const obstacle = await passkeyObstacle();
  // A way that does not work on this page is shown only when there is no other.
  const usable = state?.ways.find((each) => each !== "passkey" || !obstacle);
  const way = state?.ways.find((each) => each === query.way) ?? usable ?? state?.ways[0];
  if (!state || !way) redirect(loginPath("/login", wanted, { over: "1" }));
  const t = await getTranslations("auth.secondStep");
  const others = state.ways.filter((each) => each !== way);
  return (
    <AuthPanel
      title={t("title")}
      lede={t(`lede.${way}`)}
      foot={
        <span className="grid justify-items-center gap-2">
          {others.map((each) => (
            <AuthLink key={each} href={loginPath("/login/second-step", wanted, { way: each })}>
              {t(`use.${each}`)}
            </AuthLink>
          ))}
          <AuthLink href={loginPath("/login", wanted)}>{t("someoneElse")}</AuthLink>
        </span>
      }
    >
      {way === "passkey" ? (
        <PasskeyStep callbackUrl={wanted} email={state.email} obstacle={obstacle} />
      ) : (
        <SecondStepForm key={way} way={way} callbackUrl={wanted} email={state.email} />
      )}
    </AuthPanel>
  );
}
