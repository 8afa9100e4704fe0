"use client";

import { NextIntlClientProvider } from "next-intl";
import { useState } from "react";
import { BrokenPage, PlainPage } from "@/components/shell/plain-page";
import { type Language, languages } from "@/lib/domain/preferences";
import en from "@/lib/i18n/messages/en/broken.json";
import es from "@/lib/i18n/messages/es/broken.json";
import ptBR from "@/lib/i18n/messages/pt-BR/broken.json";
import "./globals.css";

const words: Readonly<Record<Language, typeof en>> = { en, "pt-BR": ptBR, es };

/** The language of the page that failed, as far as it came; else that of the browser. */
function languageHere(): Language {
  const here = typeof document === "undefined" ? "" : document.documentElement.lang || navigator.language;
  // Every page loads this: what reads headers would be too much.
  return languages.find((each) => here.startsWith(each.slice(0, 2))) ?? "en";
}

/** The last resort, when even the root layout fails: it brings its own document and words. */
export default function GlobalError({ error, retry }: { error: unknown; retry: () => void }) {
  const [language] = useState(languageHere);
  const broken = words[language];
  return (
    <html lang={language}>
      <body>
        <title>{broken.title}</title>
        <NextIntlClientProvider locale={language} messages={{ broken }} timeZone="UTC">
          <PlainPage app="Latchkey">
            <BrokenPage error={error} retry={retry} />
          </PlainPage>
        </NextIntlClientProvider>
      </body>
    </html>
  );
}
