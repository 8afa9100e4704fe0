import { cookies } from "next/headers";
import { AppearanceCard } from "@/components/settings/appearance-card";
import { parseTheme, themeCookie } from "@/lib/domain/preferences";

export async function AppearanceSection() {
  const theme = parseTheme((await cookies()).get(themeCookie)?.value);
  return <AppearanceCard theme={theme} />;
}
