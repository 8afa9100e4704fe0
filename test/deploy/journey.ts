import { chromium, type Page } from "@playwright/test";
import { activateToken, configureToken, newInstance, register } from "@/e2e/fixtures";

/** An enforced instance of an account that was made through the pages. */
export interface Enforced {
  /** Its base URL without the origin. */
  readonly target: string;
  readonly token: string;
  /** Whose account it is. */
  readonly email: string;
  /** Calls it; `presented` is the Client-Token, if any. */
  call(presented?: string, headers?: Readonly<Record<string, string>>): Promise<Response>;
}

/** Opens Latchkey in a browser and does something there. */
export async function inBrowser<T>(url: string, work: (page: Page) => Promise<T>): Promise<T> {
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM_PATH ?? "",
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"],
  });
  try {
    return await work(await browser.newPage({ baseURL: url }));
  } finally {
    await browser.close();
  }
}

/**
 * What somebody does who has just started Latchkey: makes an account, an instance and a token, and activates it.
 *
 * @param upstreamUrl without one, the instance is the built-in echo
 */
export function enforce(url: string, upstreamUrl?: string): Promise<Enforced> {
  return inBrowser(url, async (page) => {
    const { email } = await register(page, "Harbour Orders");
    const baseUrl = await newInstance(page, "Night orders", upstreamUrl);
    const token = await configureToken(page);
    await activateToken(page);
    const target = new URL(baseUrl).pathname;
    return {
      target,
      token,
      email,
      call: (presented, headers = {}) =>
        fetch(`${url}${target}/message/sendText/night`, {
          method: "POST",
          body: "{}",
          headers: { ...headers, ...(presented !== undefined && { "client-token": presented }) },
        }),
    };
  });
}
