import { useTranslations } from "next-intl";
import type { SignOnProblem } from "@/lib/domain/single-sign-on";
import { ProviderForm } from "../shell/provider-form";
import { Notice } from "../ui/status";

interface ProviderSignInProps {
  /** What people call the provider. */
  readonly name: string;
  /** Path to go to afterwards. */
  readonly callbackUrl: string;
}

/** Sign-in at the provider. */
export function ProviderSignIn({ name, callbackUrl }: ProviderSignInProps) {
  const t = useTranslations("auth.singleSignOn");
  return (
    <ProviderForm words={t("with", { name })} callbackUrl={callbackUrl}>
      <OrLine />
    </ProviderForm>
  );
}

interface ProviderProblemProps {
  readonly name: string;
  readonly problem: SignOnProblem;
}

/** Why a sign-in at the provider did not lead in, and what to do. */
export function ProviderProblem({ name, problem }: ProviderProblemProps) {
  const t = useTranslations("auth.singleSignOn");
  return (
    <Notice tone={problem === "denied" ? "idle" : "warn"} role="alert" className="mb-5">
      {t(`problem.${problem}`, { name })}
    </Notice>
  );
}

/** Between the password and the other ways to sign in. */
export function OrLine() {
  const t = useTranslations("auth.login");
  return (
    <p
      aria-hidden
      className="flex items-center gap-3 text-muted text-xs before:h-px before:flex-1 before:bg-line after:h-px after:flex-1 after:bg-line"
    >
      {t("or")}
    </p>
  );
}
