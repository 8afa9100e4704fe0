"use client";

import { useTranslations } from "next-intl";
import { chooseTheme } from "@/lib/actions/preferences";
import { parseTheme, type Theme, themes } from "@/lib/domain/preferences";
import { themeIcons, useTheme } from "../shell/preferences";
import { Card, CardBody, CardHead } from "../ui/card";
import { SubmitButton } from "../ui/submit-button";

interface AppearanceCardProps {
  readonly theme: Theme;
}

/** The choice of theme: takes effect on the click, or on the button where there is no JavaScript. */
export function AppearanceCard({ theme }: AppearanceCardProps) {
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
