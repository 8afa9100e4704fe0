import { useLocale, useTranslations } from "next-intl";
import { chooseLanguage } from "@/lib/actions/preferences";
import { languages } from "@/lib/domain/preferences";

/** The languages below a page for those who are signed out: one click, with or without JavaScript. Each in its own. */
export function LanguageChoice() {
  const t = useTranslations("common.language");
  const locale = useLocale();
  return (
    <form action={chooseLanguage} className="flex flex-wrap justify-center gap-x-1 text-xs">
      {languages.map((language) => (
        <button
          key={language}
          type="submit"
          name="language"
          value={language}
          lang={language}
          aria-current={locale.split("-")[0] === language.split("-")[0] ? "true" : undefined}
          className="rounded-md px-2 py-1.5 text-muted hover:text-text aria-current:font-semibold aria-current:text-text"
        >
          {t(`name.${language}`)}
        </button>
      ))}
    </form>
  );
}
