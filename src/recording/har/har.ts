import { otherFormat } from "../formats.ts";
import type { Ask, Body, Pair, Part, Recording } from "../recording.ts";
import { parseJson } from "../json.ts";
import { addressAt } from "../address.ts";
import { isObject, listAt, methodAt, numberOf, objectAt, textAt, textOf, type Loose } from "../loose.ts";
import { readMultipart } from "./multipart.ts";

/**
 * A browser's or a proxy's recording (HTTP Archive 1.2).
 *
 * @param name what the journey will be called
 * @throws SEA_IMPORT_JSON, SEA_IMPORT_SHAPE, SEA_IMPORT_URL with the path to what is wrong
 */
export function readHar(text: string, name: string, file: string): Recording {
  const root = parseJson(text, file);
  if (!isObject(root) || root["log"] === undefined) throw otherFormat(root, "an HTTP archive", "give a file that was saved by Save all as HAR (or Export HAR) in a network panel", file);
  const log = objectAt(root["log"], "log");
  const entries = listAt(log["entries"], "log.entries");
  const titles = pageTitles(log["pages"]);
  const [asks, skipped] = [[] as Ask[], new Map<string, number>()];
  entries.forEach((value, index) => {
    const place = `log.entries[${index}]`;
    const entry = objectAt(value, place);
    const why = unasked(entry, place);
    if (why === undefined) asks.push(askOf(entry, place, titles));
    else skipped.set(why, (skipped.get(why) ?? 0) + 1);
  });
  // Exporters write entries as they end, and a reader of the scenario wants them as they began.
  const ordered = asks.every(({ beganMs }) => beganMs !== undefined) ? asks.toSorted((a, b) => a.beganMs! - b.beganMs!) : asks;
  const files = asks.flatMap(({ body }) => (body?.kind === "parts" ? body.parts : [])).filter(({ filename, content }) => filename !== undefined && content === "").length;
  if (files > 0) skipped.set("contents of uploaded files, which the archive does not hold", files);
  const notes = [...skipped].map(([why, count]) => `${why}: ${count}`);
  return { flows: [{ name, asks: ordered }], browsed: true, bases: [], variables: new Map(), notes };
}

function pageTitles(pages: unknown): ReadonlyMap<string, string> {
  const titles = new Map<string, string>();
  for (const page of Array.isArray(pages) ? pages : []) {
    const [id, title] = [textOf(page?.id), textOf(page?.title)];
    if (id === undefined) continue;
    // Chrome gives the address for a title; its query is nobody's name.
    titles.set(id, title !== undefined && URL.canParse(title) ? new URL(title).pathname : title || id);
  }
  return titles;
}

/** Why an entry is no request of a user, where it is none. */
function unasked(entry: Loose, place: string): string | undefined {
  const request = objectAt(entry["request"], `${place}.request`);
  const url = textAt(request["url"], `${place}.request.url`);
  const status = isObject(entry["response"]) ? numberOf(entry["response"]["status"]) : undefined;
  if (/^wss?:/i.test(url) || entry["_webSocketMessages"] !== undefined || status === 101) return "WebSockets";
  if (/^(data|blob|about|file|filesystem|javascript|[\w-]+-extension):/i.test(url)) return "addresses inside the browser";
  if (status !== undefined && status < 100) return "requests without an answer";
  if (/^connect$/i.test(String(request["method"]))) return "tunnels of a proxy";
  if (/^(ping|csp-violation-report|preflight|websocket)$/i.test(String(entry["_resourceType"]))) return "requests of the browser's own";
  const isPreflight = /^options$/i.test(String(request["method"])) && pairs(request["headers"]).some(([header]) => header === "access-control-request-method");
  return isPreflight ? "requests of the browser's own" : undefined;
}

function askOf(entry: Loose, place: string, titles: ReadonlyMap<string, string>): Ask {
  const request = objectAt(entry["request"], `${place}.request`);
  const response = isObject(entry["response"]) ? entry["response"] : {};
  const content = isObject(response["content"]) ? response["content"] : {};
  const url = addressAt(textAt(request["url"], `${place}.request.url`), `${place}.request.url`);
  const headers = pairs(request["headers"]);
  const cookies = pairs(request["cookies"], false);
  if (cookies.length > 0 && !headers.some(([header]) => header === "cookie")) headers.push(["cookie", cookies.map(([cookie, value]) => `${cookie}=${value}`).join("; ")]);
  const status = numberOf(response["status"]);
  const answered = pairs(response["headers"]);
  const type = textOf(content["mimeType"]) ?? "";
  const location = textOf(response["redirectURL"]) || answered.find(([header]) => header === "location")?.[1];
  const began = Date.parse(textOf(entry["startedDateTime"]) ?? "");
  const page = textOf(entry["pageref"]);
  return {
    place, url, headers,
    method: methodAt(request["method"], `${place}.request.method`),
    body: bodyOf(request["postData"], headers, place),
    beganMs: Number.isNaN(began) ? undefined : began,
    tookMs: numberOf(entry["time"]),
    ...(status !== undefined && { status }),
    answer: /[/+]json\b/i.test(type) ? plainText(content) : undefined,
    sets: [...answered.filter(([header]) => header === "set-cookie").flatMap(([, value]) => value.split("\n").map((line) => line.split("=")[0]!.trim())), ...pairs(response["cookies"], false).map(([cookie]) => cookie)],
    redirect: status !== undefined && status >= 300 && status < 400 && location !== undefined && URL.canParse(location, url.href) ? new URL(location, url) : undefined,
    page: page === undefined ? undefined : titles.get(page) ?? page,
    resource: `${textOf(entry["_resourceType"]) ?? ""} ${type}`,
  };
}

/** The text of an answer or a body, which some recorders write as base64. */
function plainText({ text: given, encoding }: Loose): string | undefined {
  const text = textOf(given);
  return text !== undefined && encoding === "base64" ? Buffer.from(text, "base64").toString() : text;
}

/** Names and values of a HAR list; what is neither is passed over. */
function pairs(value: unknown, isHeader = true): Pair[] {
  return (Array.isArray(value) ? value : []).flatMap((one: unknown): Pair[] => {
    const [name, text] = isObject(one) ? [textOf(one["name"]), textOf(one["value"])] : [];
    return name === undefined || text === undefined ? [] : [[isHeader ? name.toLowerCase() : name, text]];
  });
}

function bodyOf(given: unknown, headers: Pair[], place: string): Body | undefined {
  if (given === undefined || given === null) return undefined;
  const data = objectAt(given, `${place}.request.postData`);
  const text = plainText(data) ?? "";
  const said = headers.find(([name]) => name === "content-type")?.[1];
  const type = said ?? textOf(data["mimeType"]) ?? "";
  if (type !== "" && said === undefined) headers.push(["content-type", type]);
  const fields = Array.isArray(data["params"]) ? data["params"].filter(isObject) : [];
  if (/^multipart\/form-data/i.test(type)) {
    const parts = fields.length > 0 ? fields.map(partOf) : readMultipart(text, type);
    if (parts) return { kind: "parts", parts };
  }
  if (text === "" && fields.length > 0) {
    return { kind: "text", text: new URLSearchParams(fields.map((field): [string, string] => [textOf(field["name"]) ?? "", textOf(field["value"]) ?? ""])).toString() };
  }
  return text === "" ? undefined : { kind: "text", text };
}

function partOf(field: Loose): Part {
  const [filename, type] = [textOf(field["fileName"]), textOf(field["contentType"])];
  return { name: textOf(field["name"]) ?? "", content: textOf(field["value"]) ?? "", ...(filename !== undefined && { filename }), ...(filename !== undefined && type !== undefined && { type }) };
}
