"use client";

import { useTranslations } from "next-intl";
import { chooseLanguage, chooseTheme } from "@/lib/actions/preferences";
import { changeOwnNameAction } from "@/lib/actions/settings";
import { signOutAction } from "@/lib/actions/sign-in";
import { type Language, languages, parseTheme, type Theme, themes } from "@/lib/domain/preferences";
import { OneFieldForm } from "../shell/one-field-form";
import { themeIcons, useLanguage, useTheme } from "../shell/preferences";
import { Card, CardBody, CardFoot, CardHead } from "../ui/card";
import { SubmitButton } from "../ui/submit-button";

/** The reader's own name, and the way out also without JavaScript. Who they are, the head of the page says. */
export function ProfileCard({ name }: { readonly name: string | null }) {
  const t = useTranslations("settings.profile");
  const common = useTranslations("common");
  return (
    <Card aria-labelledby="profile">
      <CardHead id="profile" title={t("title")} />
      <CardBody className="pt-0 md:pt-0">
        <OneFieldForm
          name="name"
          label={t("name")}
          hint={() => t("nameNote")}
          value={name ?? ""}
          required={false}
          autoComplete="name"
          submit={t("saveName")}
          saved={t("savedName")}
          save={(typed) => changeOwnNameAction({ name: typed })}
        />
      </CardBody>
      <CardFoot note={t("signOutNote")}>
        <form action={signOutAction} className="grid">
          <SubmitButton variant="secondary">{common("signOut")}</SubmitButton>
        </form>
      </CardFoot>
    </Card>
  );
}

/** The choice of theme: takes effect on the click, or on the button where there is no JavaScript. */
export function AppearanceCard({ theme }: { readonly theme: Theme }) {
  const t = useTranslations("settings.appearance");
  const common = useTranslations("common.theme");
  const [chosen, choose] = useTheme(theme);
  return (
    <Card aria-labelledby="appearance">
      <CardHead id="appearance" title={t("title")} description={t("description")} />
      <CardBody className="pt-0 md:pt-0">
        <form
          action={chooseTheme}
          onChange={({ currentTarget }) => choose(parseTheme(new FormData(currentTarget).get("theme")))}
          className="grid gap-3"
        >
          <fieldset className="grid grid-cols-3 gap-2 sm:max-w-112">
            <legend className="sr-only">{t("legend")}</legend>
            {themes.map((value) => {
              const Icon = themeIcons[value];
              return (
                <label
                  key={value}
                  className="flex flex-col items-center gap-1.5 rounded-md border border-line-control px-3 py-2.5 font-medium has-checked:border-accent has-checked:bg-accent-soft has-checked:text-accent has-focus-visible:outline-2 has-focus-visible:outline-accent has-focus-visible:outline-offset-2"
                >
                  <input
                    type="radio"
                    name="theme"
                    value={value}
                    checked={value === chosen}
                    onChange={() => {}}
                    className="sr-only"
                  />
                  <Icon aria-hidden className="size-4" />
                  {common(value)}
                </label>
              );
            })}
          </fieldset>
          <noscript>
            <SubmitButton variant="secondary">{t("save")}</SubmitButton>
          </noscript>
        </form>
      </CardBody>
    </Card>
  );
}

/** The choice of language, as that of the theme; the names of languages are in those languages. */
export function LanguageCard({ language }: { readonly language: Language | null }) {
  const t = useTranslations("settings.language");
  const common = useTranslations("common.language");
  const [chosen, choose] = useLanguage(language);
  return (
    <Card aria-labelledby="language">
      <CardHead id="language" title={t("title")} description={t("description")} />
      <CardBody className="pt-0 md:pt-0">
        <form
          action={chooseLanguage}
          onChange={({ currentTarget }) => choose(new FormData(currentTarget))}
          className="grid gap-3"
        >
          <fieldset className="grid gap-2">
            <legend className="sr-only">{common("label")}</legend>
            {[null, ...languages].map((value) => (
              <label key={value} lang={value ?? undefined} className="flex w-fit items-center gap-2.5">
                <input
                  type="radio"
                  name="language"
                  value={value ?? ""}
                  checked={value === chosen}
                  onChange={() => {}}
                  className="size-4 accent-accent"
                />
                {value === null ? common("browser") : common(`name.${value}`)}
              </label>
            ))}
          </fieldset>
          <noscript>
            <SubmitButton variant="secondary">{t("save")}</SubmitButton>
          </noscript>
        </form>
      </CardBody>
    </Card>
  );
}
