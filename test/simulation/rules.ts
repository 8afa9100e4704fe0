import { judgeArmed } from "@/lib/domain/armed";
import { isReady } from "@/lib/domain/enforcement";
import { decide } from "@/lib/domain/gate";
import { graceEnds, isKnown, tokenSince } from "@/lib/domain/grace";
import { areNamed } from "@/lib/domain/named-callers";
import { judge } from "@/lib/domain/preflight";
import { evidenceOf } from "@/lib/domain/preflight-evidence";
import { activationForecast, fatesOfActivating } from "@/lib/services/callers/consequence";
import { readinessOf } from "@/lib/services/callers/judge";
import { mergeRows } from "./caller-table";

/** The rules that a promise rests on. The simulation runs them as they are, and once each broken on purpose. */
export const realRules = {
  decide,
  judge,
  evidenceOf,
  isReady,
  readinessOf,
  fatesOfActivating,
  activationForecast,
  areNamed,
  judgeArmed,
  isKnown,
  tokenSince,
  graceEnds,
  /** The statement that adds statistics to a caller's row. */
  merge: mergeRows,
  /** How old the judgement is that a click goes by: it is made again at the click. */
  judgementAgeMs: 0,
};

export type Rules = typeof realRules;
