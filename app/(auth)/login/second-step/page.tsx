import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { getTranslations } from "next-intl/server";
import { AuthPanel } from "@/components/auth/auth-panel";
import { OtherWays } from "@/components/auth/other-ways";
import { PasskeyStep } from "@/components/auth/passkey-step";
import { SecondStepForm } from "@/components/auth/second-step-form";
import { currentActor } from "@/lib/auth/current-actor";
import { passkeyObstacle } from "@/lib/auth/passkey-site";
import { pendingSignIn } from "@/lib/auth/second-step-cookie";
import { readSecondStep } from "@/lib/services/session/second-step";
import { loginPath, returnPath } from "../../return-path";
import { secondStepAction } from "./actions";
import { passkeyStepAction, startPasskeyStepAction } from "./passkey-actions";

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
        <OtherWays
          links={others.map((each) => ({
            way: each,
            href: loginPath("/login/second-step", wanted, { way: each }),
          }))}
          loginHref={loginPath("/login", wanted)}
        />
      }
    >
      {way === "passkey" ? (
        <PasskeyStep
          start={startPasskeyStepAction}
          finish={passkeyStepAction}
          callbackUrl={wanted}
          email={state.email}
          obstacle={obstacle}
        />
      ) : (
        <SecondStepForm
          key={way}
          way={way}
          action={secondStepAction}
          callbackUrl={wanted}
          email={state.email}
        />
      )}
    </AuthPanel>
  );
}
