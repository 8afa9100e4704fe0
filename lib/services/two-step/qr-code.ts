import { encode } from "uqr";
import type { TotpEnrolment } from "@/lib/domain/second-factor";

/** Modules of quiet zone that a scanner needs around the code (ISO/IEC 18004 §9.1). */
const border = 4;

/** Draws text as a QR code: one SVG path over the dark modules, no markup and no style. */
export function qrCode(text: string): TotpEnrolment["qr"] {
  const { data, size } = encode(text, { border, ecc: "M" });
  const rows = data.map((row, y) => {
    const bits = row.map((dark) => (dark ? "1" : "0")).join("");
    return [...bits.matchAll(/1+/g)].map((run) => `M${run.index} ${y}h${run[0].length}v1h-${run[0].length}z`);
  });
  return { size, path: rows.flat().join("") };
}
