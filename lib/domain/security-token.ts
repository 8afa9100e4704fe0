import type { TokenStatus } from "./enforcement";

/** What the module *Account Security Token* shows. No secret in it. */
export interface SecurityTokenView {
  readonly status: TokenStatus;
  /** Last four characters of the current token; null when there is none. */
  readonly lastFour: string | null;
  /** When the current token was made; null when there is none. */
  readonly createdAt: Date | null;
  /** Instances the token is demanded on now. */
  readonly enforcedInstances: number;
  readonly totalInstances: number;
}

/** A freshly made token: the only moment it can be seen. */
export interface NewSecurityToken {
  readonly token: string;
  readonly view: SecurityTokenView;
}
