import { cookies, headers } from "next/headers";
import type { ComponentType } from "react";
import { MembersCard } from "@/components/members/members-card";
import { PasskeysCard } from "@/components/passkeys/passkeys-card";
import { ServerCard } from "@/components/server/server-card";
import { DeleteAccount, GeneralCard, HandOver, RetentionCard } from "@/components/settings/account-cards";
import { AlertsCard } from "@/components/settings/alerts-card";
import { EmailCard, PasswordCard } from "@/components/settings/credential-cards";
import { AppearanceCard, LanguageCard, ProfileCard } from "@/components/settings/profile-cards";
import { SessionsCard } from "@/components/settings/sessions-card";
import type { SettingsGroupId, SettingsSectionId } from "@/components/settings/settings-layout";
import { SingleSignOnCard } from "@/components/settings/single-sign-on-card";
import { TwoStepCard } from "@/components/two-step/two-step-card";
import { currentLanguage, requireActor } from "@/lib/auth/current-actor";
import { providerName } from "@/lib/auth/single-sign-on";
import { dashboardOrigin, localhostOrigin, pageOrigin, passkeyObstacle } from "@/lib/auth/urls";
import type { Actor } from "@/lib/domain/actor";
import { alertRoles } from "@/lib/domain/alert";
import { can, type Role, rolesWith } from "@/lib/domain/permissions";
import { parseTheme, themeCookie } from "@/lib/domain/preferences";
import { readOwnName, readRetention } from "@/lib/services/account/account";
import { readAddress } from "@/lib/services/account/email-address";
import { readAlerts } from "@/lib/services/alerts/settings";
import { readSingleSignOn } from "@/lib/services/identities/sign-in-with-identity";
import { listInstances } from "@/lib/services/instances/read";
import { sendsMail } from "@/lib/services/mail/queue";
import { listInvitations } from "@/lib/services/members/invite";
import { listMembers } from "@/lib/services/members/members";
import { listPasskeys } from "@/lib/services/passkeys/passkeys";
import { isServersAccount } from "@/lib/services/server-status";
import { listSessions } from "@/lib/services/session/end-sessions";
import { proofFactors } from "@/lib/services/session/prove";
import { readTwoStep } from "@/lib/services/two-step/two-step";

async function ProfileSection() {
  return <ProfileCard name={await readOwnName(await requireActor())} />;
}

async function EmailSection() {
  const { email, verifiedAt, wanted, mailOn } = await readAddress(await requireActor());
  return <EmailCard email={email} verified={verifiedAt !== null} mailOn={mailOn} wanted={wanted} />;
}

async function PasswordSection() {
  const { email } = await requireActor();
  return <PasswordCard email={email} />;
}

async function TwoStepSection() {
  const actor = await requireActor();
  return <TwoStepCard view={await readTwoStep(actor)} accountName={actor.accountName} email={actor.email} />;
}

async function PasskeysSection() {
  const actor = await requireActor();
  const { hostname: host } = new URL(pageOrigin(await headers()));
  return (
    <PasskeysCard
      passkeys={await listPasskeys(actor, { host })}
      onlyPasskeys={!(await proofFactors(actor)).includes("totp")}
      email={actor.email}
      obstacle={await passkeyObstacle()}
      elsewhere={await localhostOrigin()}
    />
  );
}

async function SingleSignOnSection() {
  return <SingleSignOnCard view={await readSingleSignOn(await requireActor())} />;
}

async function SessionsSection() {
  return <SessionsCard sessions={await listSessions(await requireActor())} />;
}

async function AlertsSection() {
  const actor = await requireActor();
  const { accountName, email } = actor;
  return <AlertsCard view={await readAlerts(actor)} accountName={accountName} email={email} />;
}

async function AppearanceSection() {
  const theme = parseTheme((await cookies()).get(themeCookie)?.value);
  return <AppearanceCard theme={theme} />;
}

async function LanguageSection() {
  return <LanguageCard language={await currentLanguage()} />;
}

async function GeneralSection() {
  const actor = await requireActor();
  const { accountName } = actor;
  const others = can(actor.role, "account.transfer")
    ? (await listMembers(actor)).filter(({ self }) => !self)
    : [];
  return (
    <GeneralCard accountName={accountName}>
      <HandOver accountName={accountName} members={others.map(({ userId, email }) => ({ userId, email }))} />
    </GeneralCard>
  );
}

async function MembersSection() {
  const actor = await requireActor();
  const [members, invitations, origin] = await Promise.all([
    listMembers(actor),
    can(actor.role, "invitation.read") ? listInvitations(actor) : null,
    dashboardOrigin(),
  ]);
  return (
    <MembersCard
      members={members}
      invitations={invitations}
      actorRole={actor.role}
      accountName={actor.accountName}
      sendsMail={sendsMail()}
      origin={origin}
    />
  );
}

async function RetentionSection() {
  const actor = await requireActor();
  return <RetentionCard days={await readRetention(actor)} mayChange={can(actor.role, "account.retention")} />;
}

async function DeleteAccountSection() {
  const actor = await requireActor();
  const [instances, members] = await Promise.all([listInstances(actor), listMembers(actor)]);
  return (
    <DeleteAccount accountName={actor.accountName} instances={instances.total} members={members.length} />
  );
}

async function ServerSection() {
  return <ServerCard />;
}

/** One card of the settings page: reads what it shows by itself. */
interface SettingsSection {
  /** Also the id of the card's heading, which the navigation of the page leads to. */
  readonly id: SettingsSectionId;
  readonly Section: ComponentType;
  /** Who sees it; everyone when left out. The use cases behind it decide for themselves. */
  readonly roles?: readonly Role[];
  /** False where this Latchkey does not offer it. */
  readonly offered?: (actor: Actor) => boolean | Promise<boolean>;
}

interface SettingsGroup {
  readonly id: SettingsGroupId;
  readonly sections: readonly SettingsSection[];
}

/** The settings page from top to bottom. A new card is one more section above and one more line here. */
export const settingsGroups: readonly SettingsGroup[] = [
  {
    id: "you",
    sections: [
      { id: "profile", Section: ProfileSection },
      { id: "email", Section: EmailSection },
      { id: "password", Section: PasswordSection },
      { id: "two-step", Section: TwoStepSection },
      { id: "passkeys", Section: PasskeysSection },
      { id: "single-sign-on", Section: SingleSignOnSection, offered: () => providerName() !== null },
      { id: "sessions", Section: SessionsSection },
      { id: "alerts", Section: AlertsSection, roles: alertRoles },
      { id: "appearance", Section: AppearanceSection },
      { id: "language", Section: LanguageSection },
    ],
  },
  {
    id: "account",
    sections: [
      { id: "general", Section: GeneralSection, roles: rolesWith("account.rename") },
      { id: "members", Section: MembersSection },
      { id: "retention", Section: RetentionSection },
      {
        id: "server",
        Section: ServerSection,
        roles: rolesWith("server.read"),
        offered: (actor) => isServersAccount(actor),
      },
      { id: "delete-account", Section: DeleteAccountSection, roles: rolesWith("account.delete") },
    ],
  },
];
