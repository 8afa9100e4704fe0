import type { ComponentType } from "react";
import type { SettingsGroupId, SettingsSectionId } from "@/components/settings/section-id";
import { providerName } from "@/lib/auth/single-sign-on";
import { type Role, rolesWith } from "@/lib/domain/permissions";
import { AppearanceSection } from "./appearance";
import { DeleteAccountSection } from "./delete-account";
import { EmailSection } from "./email";
import { GeneralSection } from "./general";
import { MembersSection } from "./members";
import { PasskeysSection } from "./passkeys";
import { PasswordSection } from "./password";
import { ProfileSection } from "./profile";
import { RetentionSection } from "./retention";
import { SessionsSection } from "./sessions";
import { SingleSignOnSection } from "./single-sign-on";
import { TwoStepSection } from "./two-step";

/** One card of the settings page: reads what it shows by itself. */
export interface SettingsSection {
  /** Also the id of the card's heading, which the navigation of the page leads to. */
  readonly id: SettingsSectionId;
  readonly Section: ComponentType;
  /** Who sees it; everyone when left out. The use cases behind it decide for themselves. */
  readonly roles?: readonly Role[];
  /** False where this Latchkey does not offer it. */
  readonly offered?: () => boolean;
}

interface SettingsGroup {
  readonly id: SettingsGroupId;
  readonly sections: readonly SettingsSection[];
}

/** The settings page from top to bottom. A new card is one more file here and one more line. */
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
      { id: "appearance", Section: AppearanceSection },
    ],
  },
  {
    id: "account",
    sections: [
      { id: "general", Section: GeneralSection, roles: rolesWith("account.rename") },
      { id: "members", Section: MembersSection },
      { id: "retention", Section: RetentionSection },
      { id: "delete-account", Section: DeleteAccountSection, roles: rolesWith("account.delete") },
    ],
  },
];
