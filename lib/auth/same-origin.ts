/** The page to go to after sign-in or sign-out: the wanted one when it is on our own origin, else the start page. */
export function sameOriginUrl(wanted: string, origin: string): string {
  if (!URL.canParse(wanted, origin)) return origin;
  const url = new URL(wanted, origin);
  return url.origin === origin ? url.href : origin;
}
