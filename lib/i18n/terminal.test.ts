import { createTranslator } from "use-intl/core";
import { expect, test } from "vitest";
import { terminalWords } from "./terminal";

test.each([
  [{}, "en"],
  [{ LANG: "C.UTF-8" }, "en"],
  [{ LANG: "POSIX" }, "en"],
  [{ LANG: "de_DE.UTF-8" }, "en"],
  [{ LANG: "en_US.UTF-8" }, "en"],
  [{ LANG: "pt_BR.UTF-8" }, "pt-BR"],
  [{ LANG: "pt_PT@euro" }, "pt-BR"],
  [{ LANG: "es_MX.UTF-8", LC_MESSAGES: "", LC_ALL: "" }, "es"],
  [{ LANG: "es_MX.UTF-8", LC_MESSAGES: "pt_BR" }, "pt-BR"],
  [{ LANG: "es_MX.UTF-8", LC_MESSAGES: "pt_BR", LC_ALL: "C" }, "en"],
  [{ LANG: "\u0000../x" }, "en"],
] as const)("a terminal with %o gets %s", (environment, language) => {
  expect(terminalWords(environment).locale).toBe(language);
});

test("says in its language what it is asked for", () => {
  const t = createTranslator({ ...terminalWords({ LANG: "es_ES" }), namespace: "command", timeZone: "UTC" });
  expect(t("error.nearCommand", { given: "strat", meant: "start" })).toBe(
    "no existe el comando strat. ¿Quisiste decir start?",
  );
});
