/** What a User-Agent header says in two words: the program, and the system when it names one. */
export interface BrowserName {
  readonly browser: string | null;
  readonly system: string | null;
}

// In this order: many pretend to be one of those below them.
const browsers: readonly (readonly [RegExp, string])[] = [
  [/\bEdg(?:e|A|iOS)?\//, "Edge"],
  [/\b(?:OPR|Opera)\//, "Opera"],
  [/\bSamsungBrowser\//, "Samsung Internet"],
  [/\bVivaldi\//, "Vivaldi"],
  [/\b(?:Firefox|FxiOS)\//, "Firefox"],
  [/\b(?:Chrome|CriOS|Chromium|HeadlessChrome)\//, "Chrome"],
  [/\bVersion\/\S+.*\bSafari\//, "Safari"],
];

const systems: readonly (readonly [RegExp, string])[] = [
  [/\b(?:iPhone|iPad|iPod)\b/, "iOS"],
  [/\bAndroid\b/, "Android"],
  [/\bWindows\b/, "Windows"],
  [/\bCrOS\b/, "ChromeOS"],
  [/\b(?:Macintosh|Mac OS X)\b/, "macOS"],
  [/\bLinux\b/, "Linux"],
];

const find = (list: readonly (readonly [RegExp, string])[], text: string): string | null =>
  list.find(([pattern]) => pattern.test(text))?.[1] ?? null;

/** The browser that a User-Agent header names; null when it is none that we know. */
export function knownBrowser(userAgent: string): string | null {
  return find(browsers, userAgent);
}

/** Reads a User-Agent header for people; the header itself may say anything and is never trusted. */
export function browserName(userAgent: string): BrowserName {
  // Programs introduce themselves by their first product, such as curl/8.5.0.
  const product = /^([A-Za-z][\w.-]{0,30})(?:\/|\s|$)/.exec(userAgent)?.[1] ?? null;
  const browser = knownBrowser(userAgent) ?? (product === "Mozilla" ? null : product);
  return { browser, system: find(systems, userAgent) };
}
