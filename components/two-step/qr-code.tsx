import type { TotpEnrolment } from "@/lib/domain/second-factor";

interface QrCodeProps {
  readonly qr: TotpEnrolment["qr"];
  readonly label: string;
}

/** A QR code, dark on white in either theme: scanners expect that. */
export function QrCode({ qr: { size, path }, label }: QrCodeProps) {
  return (
    <svg
      role="img"
      aria-label={label}
      viewBox={`0 0 ${size} ${size}`}
      shapeRendering="crispEdges"
      className="size-44 shrink-0 rounded-md border border-line"
    >
      <rect width={size} height={size} fill="#fff" />
      <path d={path} fill="#000" />
    </svg>
  );
}
