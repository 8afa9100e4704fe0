/** What the upstream answers to everything: small, so that the proxies' own work shows. */
export const upstreamBody = '{"status":"ok","orders":[{"id":1001,"total":"12.50"}]}';
