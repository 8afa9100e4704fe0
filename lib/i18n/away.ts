import type { Language } from "@/lib/domain/preferences";
import en from "./messages/en/away.json";
import es from "./messages/es/away.json";
import ptBR from "./messages/pt-BR/away.json";

/** What people read while the dashboard does not answer. Apart from the rest: gates load nothing else of it. */
export const awayWords: Readonly<Record<Language, typeof en>> = { en, "pt-BR": ptBR, es };
