import { useTranslations } from "next-intl";

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
