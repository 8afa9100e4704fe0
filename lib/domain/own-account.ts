import type { Role } from "./permissions";

/** One of the accounts that a person is a member of. */
export interface OwnAccount {
  readonly id: string;
  readonly name: string;
  readonly role: Role;
}
