import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { generate } from "selfsigned";

/** A certificate that signs for itself, as a test's own authority. */
export interface TestCertificate {
  readonly key: string;
  readonly cert: string;
  /** The certificate as a file, for `NODE_EXTRA_CA_CERTS`. */
  readonly file: string;
  remove(): void;
}

/** Makes a certificate for one host name. */
export async function newCertificate(host: string): Promise<TestCertificate> {
  const { private: key, cert } = await generate([{ name: "commonName", value: host }], {
    algorithm: "sha256",
    keyType: "ec",
    extensions: [
      { name: "basicConstraints", cA: true },
      { name: "subjectAltName", altNames: [{ type: 2, value: host }] },
    ],
  });
  const folder = mkdtempSync(join(tmpdir(), "latchkey-certificate-"));
  const file = join(folder, "cert.pem");
  writeFileSync(file, cert);
  return { key, cert, file, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
