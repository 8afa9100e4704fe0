import { useTranslations } from "next-intl";
import type { ActionResult } from "@/lib/domain/errors";
import { Card, CardFoot, CardHead } from "../ui/card";
import { SubmitButton } from "../ui/submit-button";
import { OwnName } from "./own-name";

interface ProfileCardProps {
  readonly name: string | null;
  readonly changeName: (input: { name: string }) => Promise<ActionResult<unknown>>;
  readonly signOut: () => Promise<void>;
}

/** The reader's own name, and the way out also without JavaScript. Who they are, the head of the page says. */
export function ProfileCard({ name, changeName, signOut }: ProfileCardProps) {
  const t = useTranslations("settings.profile");
  const common = useTranslations("common");
  return (
    <Card aria-labelledby="profile">
      <CardHead id="profile" title={t("title")} />
      <OwnName name={name} change={changeName} />
      <CardFoot note={t("signOutNote")}>
        <form action={signOut} className="grid">
          <SubmitButton variant="secondary">{common("signOut")}</SubmitButton>
        </form>
      </CardFoot>
    </Card>
  );
}
