"use client";

import { NextIntlClientProvider } from "next-intl";
import { BrokenPage, PlainPage } from "@/components/shell/plain-page";
import common from "@/lib/i18n/messages/en/common.json";
import "./globals.css";

/** The last resort, when even the root layout fails: it brings its own document and English words. */
export default function GlobalError({ error, retry }: { error: unknown; retry: () => void }) {
  return (
    <html lang="en">
      <body>
        <title>{common.broken.title}</title>
        <NextIntlClientProvider locale="en" messages={{ common }} timeZone="UTC">
          <PlainPage app={common.app}>
            <BrokenPage error={error} retry={retry} />
          </PlainPage>
        </NextIntlClientProvider>
      </body>
    </html>
  );
}
