"use client";

import { createContext, type ReactNode, useContext, useState } from "react";
import { preflightId } from "@/components/security/security-place";
import { useFocusWhenLost } from "@/components/ui/dialog";
import type { CallerView } from "@/lib/domain/caller-view";
import type { CallerActions } from "./caller-controls";
import { NameDialog } from "./name-dialog";

const Naming = createContext<(caller: CallerView) => void>(() => {});

/** Opens the dialog that names a caller. */
export function useNaming(): (caller: CallerView) => void {
  return useContext(Naming);
}

interface CallerNamingProps {
  /** null: nobody is named here. */
  readonly run: CallerActions["name"] | null;
  readonly children: ReactNode;
}

/** Holds the dialog that names a caller above the table: rows come and go while someone types. */
export function CallerNaming({ run, children }: CallerNamingProps) {
  const [caller, setCaller] = useState<CallerView | null>(null);
  useFocusWhenLost(preflightId, caller !== null, "");
  return (
    <Naming value={setCaller}>
      {children}
      {run && caller && <NameDialog caller={caller} run={run} onClose={() => setCaller(null)} />}
    </Naming>
  );
}
