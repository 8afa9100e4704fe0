import { Button } from "../ui/button";

interface ProveAtProviderProps {
  readonly words: string;
  /** Path to come back to. */
  readonly callbackUrl: string;
}

/** Leads to the provider to sign in there once more, and back. A plain form, as the way there is a page of ours. */
export function ProveAtProvider({ words, callbackUrl }: ProveAtProviderProps) {
  return (
    <form method="post" action="/login/provider" className="mt-4 grid">
      <input type="hidden" name="callbackUrl" value={callbackUrl} />
      <input type="hidden" name="prove" value="1" />
      <Button type="submit" className="w-full wrap-anywhere">
        {words}
      </Button>
    </form>
  );
}
