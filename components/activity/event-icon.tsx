import {
  Box,
  KeyRound,
  Link2,
  type LucideIcon,
  MapPin,
  Radio,
  Shield,
  ShieldUser,
  User,
  Users,
} from "lucide-react";
import type { AuditTargetType } from "@/lib/domain/audit-event";

const icons: Readonly<Record<AuditTargetType, LucideIcon>> = {
  account: User,
  session: KeyRound,
  user: ShieldUser,
  instance: Box,
  token: Shield,
  caller: Radio,
  audit: Link2,
  member: Users,
  address: MapPin,
};

/** What an event is about, as a quiet sign; the sentence beside it says the same. */
export function EventIcon({ about }: { readonly about: AuditTargetType | null }) {
  const Icon = icons[about ?? "account"];
  return (
    <span aria-hidden className="grid size-7 shrink-0 place-items-center rounded-full bg-sunken text-muted">
      <Icon className="size-3.5" />
    </span>
  );
}
