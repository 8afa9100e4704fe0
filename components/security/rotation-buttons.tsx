"use client";

import type { SecurityTokenView } from "@/lib/domain/security-token";
import { rotationChanges, TokenButtons } from "./token-buttons";
import { useChanges } from "./token-changes";

/** *Finish rotation* and *Replace now*, beside what they are about; nothing for who may not change the token. */
export function RotationButtons({ view }: { readonly view: SecurityTokenView }) {
  const changes = useChanges();
  if (!changes) return null;
  return (
    <div className="mt-3 grid gap-2 sm:flex">
      <TokenButtons view={view} running={changes.running} only={rotationChanges} onPress={changes.press} />
    </div>
  );
}
