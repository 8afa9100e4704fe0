/** The groups of the settings page. */
export type SettingsGroupId = "you" | "account";

/** The cards of the settings page; each names the id of its card's heading. */
export type SettingsSectionId =
  | "profile"
  | "email"
  | "password"
  | "two-step"
  | "passkeys"
  | "single-sign-on"
  | "sessions"
  | "appearance"
  | "general"
  | "members"
  | "retention"
  | "delete-account";
