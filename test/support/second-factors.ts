import { createHash, createSign, generateKeyPairSync, randomBytes } from "node:crypto";
import { isoCBOR } from "@simplewebauthn/server/helpers";
import { TOTP } from "otpauth";
import { db } from "@/lib/db/client";
import type { Actor, Origin } from "@/lib/domain/actor";
import type { PasskeySite } from "@/lib/domain/passkey";
import type { Assertion, AssertionOptions } from "@/lib/services/passkeys/assertion";
import type { NewPasskey, PasskeyOptions } from "@/lib/services/passkeys/passkeys";
import { signIn } from "@/lib/services/session/sign-in";
import { confirmTotp, startTotp } from "@/lib/services/two-step/totp";
import { testPassword } from "./accounts";

/** Where the tests' pages are. */
export const testSite: PasskeySite = { origin: "https://latchkey.example.com", rpId: "latchkey.example.com" };

/** What an authenticator or a browser does otherwise than it should. */
interface Twist {
  readonly origin?: string;
  readonly rpId?: string;
  readonly counter?: number;
  /** False: its holder was not checked. */
  readonly verified?: boolean;
  readonly userHandle?: string;
  readonly crossOrigin?: boolean;
}

const base64url = (bytes: Uint8Array | string): string => Buffer.from(bytes).toString("base64url");
const sha256 = (bytes: Uint8Array | string): Buffer => createHash("sha256").update(bytes).digest();

/** An authenticator in software, with one passkey: ES256, attestation "none", synced. */
export class Authenticator {
  readonly id = base64url(randomBytes(32));
  private readonly keys = generateKeyPairSync("ec", { namedCurve: "P-256" });
  private userHandle = "";
  private counter = 0;

  private authenticatorData(
    { rpId = testSite.rpId, verified = true, counter }: Twist,
    more?: Buffer,
  ): Buffer {
    const head = Buffer.alloc(5);
    head[0] = 0x01 | (verified ? 0x04 : 0) | 0x08 | 0x10 | (more ? 0x40 : 0);
    head.writeUInt32BE(counter ?? this.counter, 1);
    return Buffer.concat([sha256(rpId), head, more ?? Buffer.alloc(0)]);
  }

  private clientData(
    type: string,
    challenge: string,
    { origin = testSite.origin, crossOrigin = false }: Twist,
  ) {
    return Buffer.from(JSON.stringify({ type, challenge, origin, crossOrigin }));
  }

  /** Makes the passkey. */
  create(options: PasskeyOptions, twist: Twist = {}): NewPasskey {
    this.userHandle = options.user.id;
    const { x = "", y = "" } = this.keys.publicKey.export({ format: "jwk" });
    const cose = new Map<number, number | Uint8Array>([
      [1, 2],
      [3, -7],
      [-1, 1],
      [-2, Buffer.from(x, "base64url")],
      [-3, Buffer.from(y, "base64url")],
    ]);
    const id = Buffer.from(this.id, "base64url");
    const length = Buffer.from([0, id.length]);
    const key = Buffer.from(isoCBOR.encode(cose));
    const authData = this.authenticatorData(twist, Buffer.concat([Buffer.alloc(16), length, id, key]));
    const attestation = new Map<string, unknown>([
      ["fmt", "none"],
      ["attStmt", new Map()],
      ["authData", new Uint8Array(authData)],
    ]);
    return {
      id: this.id,
      rawId: this.id,
      type: "public-key",
      clientExtensionResults: {},
      response: {
        clientDataJSON: base64url(this.clientData("webauthn.create", options.challenge, twist)),
        attestationObject: base64url(isoCBOR.encode(attestation as Parameters<typeof isoCBOR.encode>[0])),
        transports: ["internal", "hybrid"],
      },
    };
  }

  /** Signs with the passkey. Its counter goes forward each time. */
  get(options: Pick<AssertionOptions, "challenge">, twist: Twist = {}): Assertion {
    this.counter++;
    const authData = this.authenticatorData(twist);
    const clientData = this.clientData("webauthn.get", options.challenge, twist);
    const signature = createSign("sha256")
      .update(Buffer.concat([authData, sha256(clientData)]))
      .sign(this.keys.privateKey);
    return {
      id: this.id,
      rawId: this.id,
      type: "public-key",
      clientExtensionResults: {},
      response: {
        clientDataJSON: base64url(clientData),
        authenticatorData: base64url(authData),
        signature: base64url(signature),
        userHandle: twist.userHandle ?? this.userHandle,
      },
    };
  }
}

/** The code that an authenticator app with this key shows some seconds from now. */
export function codeOf(key: string, inSeconds = 0, now = new Date()): string {
  const secret = key.replaceAll(" ", "");
  return new TOTP({ secret }).generate({ timestamp: now.getTime() + inSeconds * 1000 });
}

/** Sets up an authenticator app; its present code is as good as unused afterwards. */
export async function setUpTotp(actor: Actor): Promise<{ key: string; codes: readonly string[] }> {
  const { enrolmentId, key } = await startTotp(actor);
  const { recoveryCodes } = await confirmTotp(actor, { enrolmentId, code: codeOf(key) });
  await forgetSteps(actor);
  return { key, codes: recoveryCodes ?? [] };
}

/** Makes used codes usable again, as time would do. */
export async function forgetSteps({ userId }: Pick<Actor, "userId">): Promise<void> {
  await db.totp.updateMany({ where: { userId }, data: { lastStep: 0 } });
}

/** The first step of the sign-in of someone who has a second factor. */
export async function passFirstStep(email: string, origin: Origin): Promise<string> {
  const outcome = await signIn({ email, password: testPassword }, origin);
  if (outcome.step !== "second") throw new Error("no second step is due");
  return outcome.pending;
}
