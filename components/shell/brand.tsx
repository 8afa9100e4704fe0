import { KeyRound } from "lucide-react";

/** The product's name with its sign. */
export function Brand({ name }: { readonly name: string }) {
  return (
    <span className="inline-flex items-center gap-2.5 font-semibold text-lg tracking-tight">
      <KeyRound aria-hidden className="size-5 text-accent" />
      {name}
    </span>
  );
}
