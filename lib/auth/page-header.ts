/** The header in which proxy.ts tells pages which page is asked for; a client's own is overwritten. */
export const pageHeader = "x-latchkey-page";
