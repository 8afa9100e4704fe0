import type {
  AuthenticationResponseJSON,
  PublicKeyCredentialCreationOptionsJSON,
  PublicKeyCredentialRequestOptionsJSON,
  RegistrationResponseJSON,
} from "@simplewebauthn/browser";

/** What the server asks to have signed, and what the browser answers. */
export type AssertionOptions = PublicKeyCredentialRequestOptionsJSON;
export type Assertion = AuthenticationResponseJSON;

/** What the server asks to make a passkey from, and what the browser answers. */
export type PasskeyOptions = PublicKeyCredentialCreationOptionsJSON;
export type NewPasskey = RegistrationResponseJSON;

/** Why the browser gave no answer. */
export type PasskeyTrouble = "unsupported" | "known" | "cancelled";

type Answer<T> =
  | { readonly ok: true; readonly answer: T }
  | { readonly ok: false; readonly trouble: PasskeyTrouble };

/** True when the browser can use passkeys at all. */
export function knowsPasskeys(): boolean {
  return typeof window !== "undefined" && typeof window.PublicKeyCredential === "function";
}

async function attempt<T>(
  run: (library: typeof import("@simplewebauthn/browser")) => Promise<T>,
): Promise<Answer<T>> {
  if (!knowsPasskeys()) return { ok: false, trouble: "unsupported" };
  try {
    // Only those who use a passkey load what it takes.
    return { ok: true, answer: await run(await import("@simplewebauthn/browser")) };
  } catch (error) {
    const known = error instanceof Error && error.name === "InvalidStateError";
    return { ok: false, trouble: known ? "known" : "cancelled" };
  }
}

/** Has the browser ask for a passkey and sign with it. */
export function askForPasskey(optionsJSON: AssertionOptions): Promise<Answer<Assertion>> {
  return attempt(({ startAuthentication }) => startAuthentication({ optionsJSON }));
}

/** Has the browser make a new passkey. */
export function makePasskey(optionsJSON: PasskeyOptions): Promise<Answer<NewPasskey>> {
  return attempt(({ startRegistration }) => startRegistration({ optionsJSON }));
}

/**
 * Has the browser offer passkeys among what it fills into the e-mail field; answers when one is chosen. null
 * where browsers cannot, and when another question takes its place.
 */
export async function offerPasskeys(
  options: () => Promise<AssertionOptions | null>,
): Promise<Assertion | null> {
  if (!knowsPasskeys()) return null;
  try {
    const { browserSupportsWebAuthnAutofill, startAuthentication } = await import("@simplewebauthn/browser");
    if (!(await browserSupportsWebAuthnAutofill())) return null;
    const optionsJSON = await options();
    return optionsJSON && (await startAuthentication({ optionsJSON, useBrowserAutofill: true }));
  } catch {
    return null;
  }
}

/** Takes the offer back: the page is left. */
export async function stopOffering(): Promise<void> {
  const { WebAuthnAbortService } = await import("@simplewebauthn/browser");
  WebAuthnAbortService.cancelCeremony();
}
