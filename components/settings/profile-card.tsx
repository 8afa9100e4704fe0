import { useTranslations } from "next-intl";
import type { ActionResult } from "@/lib/domain/action-result";
import type { Role } from "@/lib/domain/permissions";
import { Card, CardFoot, CardHead } from "../ui/card";
import { SubmitButton } from "../ui/submit-button";
import { OwnName } from "./own-name";

interface ProfileCardProps {
  readonly name: string | null;
  readonly changeName: (input: { name: string }) => Promise<ActionResult<unknown>>;
  readonly email: string;
  readonly accountName: string;
  readonly role: Role;
  readonly signOut: () => Promise<void>;
}

/** Who is signed in and into which account; the way out also without JavaScript. */
export function ProfileCard({ name, changeName, email, accountName, role, signOut }: ProfileCardProps) {
  const t = useTranslations("settings.profile");
  const common = useTranslations("common");
  const facts = [
    [t("email"), email],
    [t("account"), accountName],
    [t("role"), common(`role.${role}`)],
  ] as const;
  return (
    <Card aria-labelledby="profile">
      <CardHead id="profile" title={t("title")} />
      <dl className="border-line border-t">
        {facts.map(([name, value]) => (
          <div
            key={name}
            className="border-line px-4 py-3 not-last:border-b sm:grid sm:grid-cols-[10rem_minmax(0,1fr)] md:px-6"
          >
            <dt className="text-muted">{name}</dt>
            <dd className="font-medium [overflow-wrap:anywhere]">{value}</dd>
          </div>
        ))}
      </dl>
      <OwnName name={name} change={changeName} />
      <CardFoot note={t("signOutNote")}>
        <form action={signOut} className="grid">
          <SubmitButton variant="secondary">{common("signOut")}</SubmitButton>
        </form>
      </CardFoot>
    </Card>
  );
}
