import { createTranslator } from "use-intl/core";
import en from "@/lib/i18n/messages/en/command.json";

/** Every command of `latchkey`; some come later than others. */
export type CommandName = keyof typeof en.commands;

/** The words of the command line. */
export const words = createTranslator({ locale: "en", messages: { command: en }, namespace: "command" });
