import { clientTokenHeader } from "@/lib/domain/token-format";
import { quoteJson, quotePhp, quoteShell } from "./quote";

/** Stands for the account security token in every sample: it is shown once, so no sample can carry it. */
export const accountTokenPlaceholder = "YOUR_ACCOUNT_TOKEN";

/** What we can write a sample call in, in the order of the tabs. */
export const sampleLanguages = ["curl", "javascript", "python", "php", "n8n"] as const;

/** One of `sampleLanguages`. */
export type SampleLanguage = (typeof sampleLanguages)[number];

/** What a sample calls. */
export interface SampleCall {
  /** The complete address, token and path included. */
  readonly url: string;
  /** Whose call it is; n8n shows it on the node. May contain anything. */
  readonly name: string;
}

function curl({ url }: SampleCall): string {
  return `curl ${quoteShell(url)} \\\n  -H ${quoteShell(`${clientTokenHeader}: ${accountTokenPlaceholder}`)}`;
}

function javascript({ url }: SampleCall): string {
  return [
    `const response = await fetch(${quoteJson(url)}, {`,
    `  headers: { ${quoteJson(clientTokenHeader)}: ${quoteJson(accountTokenPlaceholder)} },`,
    "});",
    "console.log(response.status, await response.text());",
  ].join("\n");
}

function python({ url }: SampleCall): string {
  return [
    "import requests",
    "",
    "response = requests.get(",
    `    ${quoteJson(url)},`,
    `    headers={${quoteJson(clientTokenHeader)}: ${quoteJson(accountTokenPlaceholder)}},`,
    "    timeout=30,",
    ")",
    "print(response.status_code, response.text)",
  ].join("\n");
}

function php({ url }: SampleCall): string {
  return [
    "<?php",
    `$request = curl_init(${quotePhp(url)});`,
    "curl_setopt_array($request, [",
    "    CURLOPT_RETURNTRANSFER => true,",
    `    CURLOPT_HTTPHEADER => [${quotePhp(`${clientTokenHeader}: ${accountTokenPlaceholder}`)}],`,
    "]);",
    "$body = curl_exec($request);",
    'echo curl_getinfo($request, CURLINFO_RESPONSE_CODE), " ", $body, PHP_EOL;',
  ].join("\n");
}

/** Pasted on n8n's canvas, this becomes an HTTP Request node. */
function n8n({ url, name }: SampleCall): string {
  const node = {
    parameters: {
      url,
      sendHeaders: true,
      headerParameters: { parameters: [{ name: clientTokenHeader, value: accountTokenPlaceholder }] },
      options: {},
    },
    name,
    type: "n8n-nodes-base.httpRequest",
    typeVersion: 4.2,
    position: [0, 0],
  };
  return JSON.stringify({ nodes: [node], connections: {} }, null, 2);
}

const writers: Readonly<Record<SampleLanguage, (call: SampleCall) => string>> = {
  curl,
  javascript,
  python,
  php,
  n8n,
};

/** A call one can paste and run after putting the account security token in. */
export function renderSample(language: SampleLanguage, call: SampleCall): string {
  return writers[language](call);
}
