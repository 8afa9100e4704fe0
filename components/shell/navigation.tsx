"use client";

import {
  Activity,
  Box,
  LayoutGrid,
  LoaderCircle,
  type LucideIcon,
  Settings2,
  Shield,
  Waypoints,
} from "lucide-react";
import Link, { useLinkStatus } from "next/link";
import { usePathname } from "next/navigation";
import { useTranslations } from "next-intl";
import { classNames } from "../ui/class-names";

const tabs = [
  { id: "overview", icon: LayoutGrid },
  { id: "instances", icon: Box },
  { id: "services", icon: Waypoints },
  { id: "security", icon: Shield },
  { id: "activity", icon: Activity },
  { id: "settings", icon: Settings2 },
] as const;

/** The six tabs: a column at the left on wide screens, a bar at the bottom on narrow ones. */
export function Navigation() {
  const t = useTranslations("common.nav");
  const pathname = usePathname();
  return (
    <nav
      aria-label={t("label")}
      className="fixed inset-x-0 bottom-0 z-30 border-line border-t bg-surface pb-[env(safe-area-inset-bottom)] lg:static lg:z-auto lg:border-0 lg:bg-transparent lg:pb-0"
    >
      <ul className="flex justify-around px-1 py-1.5 lg:flex-col lg:gap-0.5 lg:p-0">
        {tabs.map(({ id, icon }) => {
          const href = `/${id}`;
          const current = pathname === href || pathname.startsWith(`${href}/`);
          return (
            <li key={id} className="min-w-0 max-lg:flex-auto">
              <Link
                href={href}
                aria-current={current ? (pathname === href ? "page" : "true") : undefined}
                className={classNames(
                  "flex min-w-0 flex-col items-center gap-0.5 rounded-md px-0.5 py-1 font-medium text-xs",
                  "lg:min-h-9 lg:flex-row lg:gap-2.5 lg:px-2.5 lg:text-base",
                  current ? "text-accent lg:bg-sunken lg:text-text" : "text-muted hover:text-text",
                )}
              >
                <TabIcon icon={icon} />
                <span className="max-w-full truncate">{t(id)}</span>
              </Link>
            </li>
          );
        })}
      </ul>
    </nav>
  );
}

/** Turns into a spinner while its page takes its time. */
function TabIcon({ icon: Icon }: { readonly icon: LucideIcon }) {
  const { pending } = useLinkStatus();
  const Shown = pending ? LoaderCircle : Icon;
  return <Shown aria-hidden className={classNames("size-4.5 lg:size-4", pending && "animate-spin")} />;
}
