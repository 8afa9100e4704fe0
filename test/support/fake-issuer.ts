import { createSign, generateKeyPairSync } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
const stranger = generateKeyPairSync("rsa", { modulusLength: 2048 });

const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");

/** An ID token (RS256), signed by the issuer or by somebody else. */
function idToken(claims: object, forged: boolean): string {
  const body = `${part({ alg: "RS256", kid: "one" })}.${part(claims)}`;
  const key = forged ? stranger.privateKey : privateKey;
  return `${body}.${createSign("sha256").update(body).sign(key, "base64url")}`;
}

/** What an issuer does otherwise than it should, for one sign-in. */
export interface Twist {
  readonly claims?: Readonly<Record<string, unknown>>;
  readonly forged?: boolean;
  /** What the token endpoint answers instead. */
  readonly answer?: readonly [status: number, body: object];
  readonly userinfo?: Readonly<Record<string, unknown>>;
}

/** An OpenID Connect issuer that says what a test wants it to say. */
export class FakeIssuer {
  twist: Twist = {};
  private readonly server = createServer((request, response) => {
    const [status, body] = this.answerTo(request.url ?? "");
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
  });

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async start(): Promise<void> {
    await once(this.server.listen(0, "127.0.0.1"), "listening");
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private answerTo(path: string): readonly [number, object] {
    const { url, twist } = this;
    if (path === "/keys") return [200, { keys: [{ ...publicKey.export({ format: "jwk" }), kid: "one" }] }];
    if (path === "/userinfo") return [200, { sub: "7", email: "ana@example.com", ...twist.userinfo }];
    if (path !== "/token") {
      const paths = { authorization_endpoint: `${url}/auth`, token_endpoint: `${url}/token` };
      return [200, { issuer: url, ...paths, jwks_uri: `${url}/keys`, userinfo_endpoint: `${url}/userinfo` }];
    }
    const now = Math.floor(Date.now() / 1000);
    const usual = { iss: url, aud: "latchkey", sub: "7", nonce: "sent", iat: now, exp: now + 60 };
    const token = idToken({ ...usual, ...twist.claims }, twist.forged ?? false);
    return twist.answer ?? [200, { access_token: "a", token_type: "Bearer", id_token: token }];
  }
}
