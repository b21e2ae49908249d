import { problem } from "../../units/errors.ts";
import { longOption, shortOption, type Meaning } from "./options.ts";
import { addressAt, decoded, encoded } from "../address.ts";
import { methodAt } from "../loose.ts";
import { standIn, type Ask, type Body, type Pair, type Part, type Recording } from "../recording.ts";
import { readCommands, type Command } from "./shell.ts";

/**
 * One or several curl commands, as people keep them in a file or as a browser copies them. Nothing is run and no file is read.
 *
 * @param name what the journey will be called
 * @throws SEA_IMPORT_SHELL, SEA_IMPORT_URL with the line
 */
export function readCurl(text: string, name: string, file: string): Recording {
  const variables = new Map<string, string>();
  const word = standIn(text);
  const commands = readCommands(text.replace(/^\ufeff/, ""), file, (variable) => {
    variables.set(word(variable), variable);
    return word(variable);
  });
  const settings = new Set<string>();
  const asks = commands.flatMap((command): Ask[] => {
    // `curl … | jq .` only looks at the answer.
    if (command.after === "|") return [];
    const place = `${file}:${command.line}`;
    const [program = "", ...args] = command.words.filter((one, index) => !(index === 0 && /^[$>%]$/.test(one)));
    if (!/^(.*\/)?curl(\.exe)?$/.test(program)) throw problem("SEA_IMPORT_SHELL", { why: `${/^[\w./-]{1,40}$/.test(program) && !variables.has(program) ? `'${program}'` : "it"} is not curl` }, place);
    const parts = partsOf({ ...command, words: args }, place);
    for (const { meaning, value } of parts.flat()) if (meaning === "setting") settings.add(value);
    return parts.flatMap((part) => asksOf(part, place));
  });
  return { flows: [{ name, asks }], browsed: false, bases: [], variables, notes: settings.size === 0 ? [] : [`what curl was told of the way to the service, for the driver to say: ${[...settings].join(", ")}`] };
}

interface Given {
  readonly meaning: Meaning;
  readonly value: string;
}

/** The options of each request of a command: `--next` parts them. */
function partsOf({ words }: Command, place: string): Given[][] {
  const parts: Given[][] = [[]];
  const give = (meaning: Meaning, value = "") => (meaning === "next" ? parts.push([]) : parts.at(-1)!.push({ meaning, value }));
  const unknown = (option: string) => problem("SEA_IMPORT_SHELL", { why: `curl's option ${option} is not known here` }, place);
  let isOver = false;
  for (let at = 0; at < words.length; at++) {
    const one = words[at]!;
    const next = (option: string): string => {
      if (at + 1 >= words.length) throw problem("SEA_IMPORT_SHELL", { why: `${option} has no value` }, place);
      return words[++at]!;
    };
    if (isOver || one === "-" || !one.startsWith("-")) give("url", one);
    else if (one === "--") isOver = true;
    else if (one.startsWith("--")) {
      const option = longOption(one.slice(2));
      if (!option) throw unknown(one);
      const value = option.takes ? next(one) : "";
      give(option.meaning, option.meaning === "setting" ? one : value);
    } else {
      for (let letter = 1; letter < one.length; letter++) {
        const option = shortOption(one[letter]!);
        if (!option) throw unknown(`-${one[letter]}`);
        if (!option.takes) give(option.meaning);
        else {
          const value = letter + 1 < one.length ? one.slice(letter + 1) : next(`-${one[letter]}`);
          give(option.meaning, option.meaning === "setting" ? `-${one[letter]}` : value);
          break;
        }
      }
    }
  }
  return parts.filter((part, index) => index === 0 || part.length > 0);
}

function asksOf(given: readonly Given[], place: string): Ask[] {
  const all = (...wanted: Meaning[]) => given.filter(({ meaning }) => wanted.includes(meaning));
  const last = (wanted: Meaning) => all(wanted).at(-1)?.value;
  const headers: Pair[] = [];
  const say = (name: string, value: string) => {
    if (!headers.some(([one]) => one === name)) headers.push([name, value]);
  };
  const dropped = new Set<string>();
  for (const { value } of all("header")) {
    const [, name = "", mark, rest = ""] = /^([^:;]+)([:;])(.*)$/s.exec(value) ?? [];
    if (mark === ":" && rest.trim() === "") dropped.add(name.trim().toLowerCase());
    else if (name !== "") say(name.trim().toLowerCase(), rest.trim());
  }
  const urls = all("url").map(({ value }) => addressAt(/^[a-z][a-z\d+.-]*:\/\//i.test(value) ? value : `http://${value}`, place));
  if (urls.length === 0) throw problem("SEA_IMPORT_SHELL", { why: "it has no address" }, place);

  const isGet = all("get").length > 0;
  const data = dataOf(all("data", "data-raw", "data-binary", "data-urlencode", "json"), place);
  const parts = all("form", "form-string");
  const upload = last("upload");
  let body: Body | undefined = parts.length > 0 ? { kind: "parts", parts: parts.map((one) => partOf(one, place)) } : upload !== undefined ? fileBody(upload, place) : data;
  if (isGet && data?.kind === "text") {
    for (const url of urls) url.search += `${url.search === "" ? "?" : "&"}${data.text}`;
    body = undefined;
  }
  for (const { value } of all("query")) for (const url of urls) url.search += `${url.search === "" ? "?" : "&"}${urlEncoded(value, place)}`;
  if (all("json").length > 0) {
    say("content-type", "application/json");
    say("accept", "application/json");
  } else if (body && body === data) say("content-type", "application/x-www-form-urlencoded");
  const cookie = all("cookie").map(({ value }) => value).filter((value) => value.includes("=")).join("; ");
  if (cookie !== "") say("cookie", cookie);
  const bearer = last("bearer");
  if (bearer !== undefined) say("authorization", `Bearer ${bearer}`);
  const range = last("range");
  if (range !== undefined) say("range", `bytes=${range}`);

  const implied = all("head").length > 0 ? "HEAD" : upload !== undefined ? "PUT" : body ? "POST" : "GET";
  return urls.map((url): Ask => {
    const own = headers.filter(([name]) => !dropped.has(name));
    const user = last("user") ?? (url.username ? `${decoded(url.username)}:${decoded(url.password)}` : undefined);
    if (user !== undefined && !own.some(([name]) => name === "authorization")) own.push(["authorization", `Basic ${Buffer.from(user.includes(":") ? user : `${user}:`).toString("base64")}`]);
    return { place, url, headers: own, body, method: methodAt(last("method") ?? implied, place), insecure: all("insecure").length > 0 };
  });
}

function fileBody(file: string, place: string): Body {
  if (file === "-" || file === ".") throw problem("SEA_IMPORT_SHELL", { why: "its body comes from standard input" }, place);
  return { kind: "file", file };
}

function dataOf(given: readonly Given[], place: string): Body | undefined {
  if (given.length === 0) return undefined;
  const [first] = given;
  if (given.length === 1 && first!.value.startsWith("@") && first!.meaning !== "data-raw" && first!.meaning !== "data-urlencode") return fileBody(first!.value.slice(1), place);
  const texts = given.map(({ meaning, value }) => {
    if (meaning === "data-urlencode") return urlEncoded(value, place);
    if (value.startsWith("@") && meaning !== "data-raw") throw problem("SEA_IMPORT_SHELL", { why: "it joins a file with other data" }, place);
    return value;
  });
  return { kind: "text", text: texts.join(given.every(({ meaning }) => meaning === "json") ? "" : "&") };
}

/** As `--data-urlencode` reads it: content, `=content`, or `name=content`. */
function urlEncoded(value: string, place: string): string {
  if (/^[^=]*@/.test(value) && !value.startsWith("=")) throw problem("SEA_IMPORT_SHELL", { why: "it encodes the content of a file" }, place);
  const at = value.indexOf("=");
  return at < 0 ? encoded(value) : `${value.slice(0, at)}${at > 0 ? "=" : ""}${encoded(value.slice(at + 1))}`;
}

/** As `-F` reads it: `name=content`, `name=@file;type=…;filename=…`, `name=<file`. */
function partOf({ meaning, value }: Given, place: string): Part {
  const at = value.indexOf("=");
  if (at < 0) throw problem("SEA_IMPORT_SHELL", { why: "a form field has no =" }, place);
  const [name, rest] = [value.slice(0, at), value.slice(at + 1)];
  if (meaning === "form-string") return { name, content: rest };
  const [content = "", ...said] = rest.split(/;(?=(?:type|filename|headers|encoder)=)/);
  const setting = (wanted: string) => said.find((one) => one.startsWith(`${wanted}=`))?.slice(wanted.length + 1).replace(/^"(.*)"$/s, "$1");
  const [type, filename] = [setting("type"), setting("filename")];
  const isFile = content.startsWith("@") || content.startsWith("<");
  if (isFile && content.slice(1) === "-") throw problem("SEA_IMPORT_SHELL", { why: "a form field comes from standard input" }, place);
  const file = isFile ? content.slice(1).replace(/^"(.*)"$/s, "$1") : undefined;
  const own = filename ?? (content.startsWith("@") ? file!.split("/").at(-1) : undefined);
  return { name, content: isFile ? "" : content.replace(/^"(.*)"$/s, "$1"), ...(file !== undefined && { file }), ...(own !== undefined && { filename: own }), ...(type !== undefined && { type }) };
}
