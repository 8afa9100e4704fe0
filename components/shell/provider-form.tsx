import type { ReactNode } from "react";
import { Button } from "../ui/button";

interface ProviderFormProps {
  readonly words: string;
  /** Path to come back to. */
  readonly callbackUrl: string;
  /** Somebody signed in proves with it who they are. */
  readonly proves?: boolean;
  /** What stands above the button. */
  readonly children?: ReactNode;
}

/** Leads to the provider to sign in there, and back. A plain form, which works before JavaScript. */
export function ProviderForm({ words, callbackUrl, proves = false, children }: ProviderFormProps) {
  return (
    <form method="post" action="/login/provider" className="mt-4 grid gap-4">
      {children}
      <input type="hidden" name="callbackUrl" value={callbackUrl} />
      {proves && <input type="hidden" name="prove" value="1" />}
      <Button type="submit" className="w-full wrap-anywhere">
        {words}
      </Button>
    </form>
  );
}
