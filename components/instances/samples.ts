import { clientTokenHeader } from "@/lib/domain/token-format";

/** Stands for the instance token wherever it is hidden. As long as a real one, so nothing jumps on reveal. */
export const maskedToken = "•".repeat(32);

/** Stands for the instance token where a person is to put it in by hand. */
export const tokenPlaceholder = "YOUR_INSTANCE_TOKEN";

/** Stands for the id where there is no instance yet. */
export const instancePlaceholder = "YOUR_INSTANCE_ID";

/** Stands for the account security token in every sample: it is shown once, so no sample can carry it. */
export const accountTokenPlaceholder = "YOUR_ACCOUNT_TOKEN";

/** Bodies of the wire contract that sentences quote; the door answers exactly these. */
export const wireAnswers = {
  unknownInstance: '{"error":"Instance not found"}',
  paused: '{"error":"Instance paused"}',
  missingToken: '{"error":"null not allowed"}',
  wrongToken: '{"error":"Client-Token not allowed"}',
  address: '{"error":"203.0.113.9 not allowed"}',
  endpoint: '{"error":"Endpoint not allowed"}',
} as const;

/** The parts of an instance's page that say which endpoints are let in, and how to call it. */
export const endpointRulesId = "endpoint-rules";
export const callCardId = "call-samples";

/** What we can write a sample call in, in the order of the tabs. */
export const sampleLanguages = ["curl", "javascript", "python", "php", "n8n"] as const;

/** One of `sampleLanguages`. */
export type SampleLanguage = (typeof sampleLanguages)[number];

/** What a sample calls. */
interface SampleCall {
  /** The complete address, token and path included. */
  readonly url: string;
  /** Whose call it is; n8n shows it on the node. May contain anything. */
  readonly name: string;
}

/** A POSIX shell word: everything between single quotes is literal, so only the quote itself is special. */
export function quoteShell(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

/**
 * A JSON string, which is also a JavaScript and a Python string literal. The two separators that old
 * JavaScript ended a line at are escaped.
 */
export function quoteJson(text: string): string {
  return JSON.stringify(text).replaceAll("\u2028", "\\u2028").replaceAll("\u2029", "\\u2029");
}

/** A PHP single-quoted string: no variable is expanded; backslash and quote are escaped. */
export function quotePhp(text: string): string {
  return `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
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
