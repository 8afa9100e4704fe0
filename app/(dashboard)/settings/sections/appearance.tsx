import { cookies } from "next/headers";
import { AppearanceCard } from "@/components/settings/appearance-card";
import { parseTheme, themeCookie } from "@/components/shell/theme";
import { chooseTheme } from "../../../actions";

export async function AppearanceSection() {
  const theme = parseTheme((await cookies()).get(themeCookie)?.value);
  return <AppearanceCard theme={theme} chooseTheme={chooseTheme} />;
}
