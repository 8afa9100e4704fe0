import { createTranslator } from "use-intl/core";
import { terminalWords } from "@/lib/i18n/terminal";

/** The words of the commands that back up, restore, move and put under another secret. */
export const keepWords = createTranslator({
  ...terminalWords(process.env),
  namespace: "keep",
  timeZone: "UTC",
});
