"use client";

import { createContext, type ReactNode, useContext } from "react";
import type { TokenActions } from "./token-actions";
import { type TokenState, useTokenChanges } from "./use-token-changes";

const Changes = createContext<ReturnType<typeof useTokenChanges> | null>(null);

interface TokenChangesProps extends TokenState {
  /** null: this person may look but not change. */
  readonly actions: TokenActions | null;
  readonly children: ReactNode;
}

/**
 * What is asked and done about the token, for buttons anywhere within. Always in the same place of the page, whatever
 * the token's state: a new token lives in this component's memory only, and must outlast the page's own refresh.
 */
export function TokenChanges({ actions, ...rest }: TokenChangesProps) {
  return actions ? <Provider actions={actions} {...rest} /> : rest.children;
}

function Provider({ actions, children, ...state }: TokenChangesProps & { readonly actions: TokenActions }) {
  return <Changes value={useTokenChanges(state, actions)}>{children}</Changes>;
}

/** The changes of the token that the component stands within; null for a person who may not change it. */
export function useChanges(): ReturnType<typeof useTokenChanges> | null {
  return useContext(Changes);
}
