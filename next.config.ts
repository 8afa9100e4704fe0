import type { NextConfig } from "next";
import createNextIntlPlugin from "next-intl/plugin";

const withNextIntl = createNextIntlPlugin({
  requestConfig: "./lib/auth/request-words.ts",
  // Sentences are parsed when they are built: no browser loads the parser, and no page waits for it.
  experimental: {
    messages: { path: "./lib/i18n/messages", format: "json", locales: "infer", precompile: true },
  },
});

const config: NextConfig = {
  // An image holds what Next.js finds to be needed, and no package whole.
  ...(process.env.NEXT_OUTPUT === "standalone" && { output: "standalone" }),
  // Two builds of a released commit are the same. Blockers of advertisements dislike addresses with "ad" in them.
  generateBuildId: () => process.env.LATCHKEY_REVISION?.slice(0, 20).replaceAll("a", "x") || null,
  // The instance door forwards paths byte for byte; a redirect would change them.
  skipTrailingSlashRedirect: true,
  // server/dashboard.ts compresses pages; instance responses must pass as they are.
  compress: false,
  poweredByHeader: false,
  reactStrictMode: true,
  // `npm test` checks them, once for everything; nobody who only starts Latchkey waits for it.
  typescript: { ignoreBuildErrors: true },
  // The optimizer would call instances from inside, and keep what they answer.
  images: { unoptimized: true },
  // Streamed, the title comes when it can: a refresh under load could leave the page without one for a moment.
  htmlLimitedBots: /.*/,
  // Paths of instance requests hold tokens, arguments of server functions passwords: no log may have them.
  logging: { incomingRequests: { ignore: [/^\/instances\/[^/]+\/token\//] }, serverFunctions: false },
  rewrites: async () => [
    { source: "/.well-known/latchkey-audit-key.json", destination: "/api/audit-key" },
    { source: "/.well-known/security.txt", destination: "/api/security-txt" },
  ],
  headers: async () => [
    // Pages get theirs in proxy.ts, which static files do not pass.
    { source: "/_next/static/:path*", headers: [{ key: "x-content-type-options", value: "nosniff" }] },
  ],
  serverExternalPackages: [
    "@node-rs/argon2",
    "@zxcvbn-ts/core",
    "@zxcvbn-ts/language-common",
    "nodemailer",
    "pg",
    "pino",
    "undici",
  ],
};

export default withNextIntl(config);
