import { createTranslator } from "use-intl/core";
import keep from "@/lib/i18n/messages/en/keep.json";

/** The words of the commands that back up, restore, move and put under another secret. */
export const keepWords = createTranslator({
  locale: "en",
  messages: { keep },
  namespace: "keep",
  timeZone: "UTC",
});
