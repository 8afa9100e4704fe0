import type { CallerView } from "@/lib/domain/caller-view";
import { CallerWhy } from "./caller-why";
import { VerdictPill } from "./verdict-pill";

/** A caller's verdict, and what it sends. */
export function VerdictCell({ caller }: { readonly caller: CallerView }) {
  return (
    <span className="flex flex-wrap items-baseline gap-x-2.5 gap-y-1 sm:grid sm:justify-items-start">
      <VerdictPill verdict={caller.verdict} />
      <CallerWhy caller={caller} className="text-pretty text-muted text-xs" />
    </span>
  );
}
