import { createPublicKey, sign, verify } from "node:crypto";
import { describe, expect, test } from "vitest";
import { auditKeyOf, auditKeysIn, isSignedBy, signedText } from "@/lib/domain/audit-checkpoint";
import { auditKey, ed25519Key, publicHalf, signCheckpoint } from "./audit-key";

/** RFC 8037, appendix A. */
const rfc = {
  d: "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A",
  x: "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo",
  kid: "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k",
  signed: "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc",
  signature: "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg",
};

const head = { account: "a", seq: 7, hash: "f".repeat(64), at: "2026-11-25T08:00:00.000Z" };

describe("the audit key", () => {
  test("is what RFC 8037 makes of its example: key, thumbprint, signature", () => {
    const privateKey = ed25519Key(Buffer.from(rfc.d, "base64url"));
    expect(publicHalf(privateKey)).toMatchObject({ x: rfc.x, kid: rfc.kid });
    expect(sign(null, Buffer.from(rfc.signed), privateKey).toString("base64url")).toBe(rfc.signature);
    expect(isSignedBy(auditKeyOf(rfc.x), rfc.signed, rfc.signature)).toBe(true);
  });

  test("signs checkpoints that anyone can check with the published key, and nothing else passes", () => {
    const { signature, ...checkpoint } = signCheckpoint(head);
    const key = auditKey();
    expect(checkpoint.kid).toBe(key.kid);
    expect(isSignedBy(key, signedText(checkpoint), signature)).toBe(true);
    const plainKey = createPublicKey({ key: { kty: "OKP", crv: "Ed25519", x: key.x }, format: "jwk" });
    const bytes = Buffer.from(signature, "base64url");
    expect(verify(null, Buffer.from(signedText(checkpoint)), plainKey, bytes)).toBe(true);
    for (const other of [
      { seq: 8 },
      { account: "b" },
      { hash: "e".repeat(64) },
      { at: head.at.replace("8", "9") },
    ]) {
      expect(isSignedBy(key, signedText({ ...checkpoint, ...other }), signature)).toBe(false);
    }
    expect(isSignedBy(auditKeyOf(rfc.x), signedText(checkpoint), signature)).toBe(false);
    for (const odd of ["", "=", `${signature}A`, signature.slice(1)]) {
      expect(isSignedBy(key, signedText(checkpoint), odd)).toBe(false);
    }
  });

  test("is read from a key or a set of keys, under its own name only", () => {
    const { kty, crv, x, kid } = auditKey();
    expect(auditKeysIn({ kty, crv, x, kid: "another" })).toEqual([auditKey()]);
    expect(auditKeysIn({ keys: [{ kty: "RSA" }, { kty, crv, x }] })).toEqual([auditKey()]);
    for (const none of [null, 1, [], {}, { kty, crv, x: "short" }, { kty, crv: "X25519", x }, { kid }]) {
      expect(auditKeysIn(none)).toEqual([]);
    }
    expect(JSON.stringify(auditKey())).not.toContain('"d"');
  });
});
