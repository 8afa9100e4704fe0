import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { getTranslations } from "next-intl/server";
import { AuthPanel } from "@/components/auth/auth-panel";
import { ProviderProblem } from "@/components/auth/provider-sign-in";
import { ProviderForm } from "@/components/shell/provider-form";
import { ButtonLink } from "@/components/ui/link";
import { currentActor } from "@/lib/auth/current-actor";
import { providerName } from "@/lib/auth/single-sign-on";
import { loginPath, returnPath } from "@/lib/auth/urls";
import { signOnProblemIn } from "@/lib/domain/single-sign-on";

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("auth.prove");
  return { title: t("title") };
}

interface ProvePageProps {
  readonly searchParams: Promise<{
    readonly callbackUrl?: string | readonly string[];
    /** Why the way to the provider proved nothing. */
    readonly sso?: string | readonly string[];
  }>;
}

/** Says why a proof at the provider did not count, and leads back to where other proofs are taken. */
export default async function ProvePage({ searchParams }: ProvePageProps) {
  const { callbackUrl, sso } = await searchParams;
  const wanted = returnPath(callbackUrl);
  // Also for those who have to set two-step sign-in up first: that asks for a proof as well.
  if (!(await currentActor())) redirect(loginPath("/login", wanted, { ended: "1" }));
  const name = providerName();
  const problem = signOnProblemIn(sso);
  if (!name || !problem) redirect(wanted);
  const t = await getTranslations("auth.prove");
  return (
    <AuthPanel title={t("title")} lede={t("lede")}>
      <ProviderProblem name={name} problem={problem} />
      <ButtonLink href={wanted} variant="primary" className="w-full">
        {t("back")}
      </ButtonLink>
      <ProviderForm proves words={t("again", { name })} callbackUrl={wanted} />
    </AuthPanel>
  );
}
