import { contentOf } from "./bodies.ts";
import { decoded } from "../address.ts";
import { cookiesOf, headerOf, loginOf, ownHeaders } from "./headers.ts";
import { isObject } from "../loose.ts";
import type { Ask, Body } from "../recording.ts";
import { isSecretName } from "../../mask/names.ts";
import type { Vault } from "./secrets.ts";

/**
 * Puts away every secret of a request, before a line of the scenario is written.
 *
 * @param prefix of the variables' names: the driver's
 */
export function liftSecrets(ask: Ask, prefix: string, vault: Vault): void {
  const keep = (value: string, name: string, isTelling = true) => vault.keep(value, `${prefix} ${name}`, isTelling);
  const search = (text: string, isFree = false) => vault.search(text, prefix, isFree);
  for (const [name, value] of ownHeaders(ask.headers)) {
    const login = name === "authorization" ? loginOf(value) : undefined;
    if (login?.scheme === "bearer") keep(login.token, "token");
    else if (login) {
      keep(login.user, "user", login.password === "");
      keep(login.password, "password");
      vault.keep(value.replace(/^\S+\s+/, ""), `${prefix} login`);
    } else if (isSecretName(name)) keep(value, name.replace(/^x-/, ""));
    else search(value);
  }
  for (const [name, value] of cookiesOf(ask.headers)) keep(value, `cookie ${name}`, isSecretName(name) || value.length >= 16);
  const segments = ask.url.pathname.split("/").map(decoded);
  segments.forEach((segment, index) => {
    if (isSecretName(segments[index - 1] ?? "") && segment.length >= 16 && /\d/.test(segment)) keep(segment, segments[index - 1]!);
    search(segment);
  });
  for (const [name, value] of ask.url.searchParams) {
    if (isSecretName(name)) keep(value, name);
    search(name);
    search(value);
  }
  if (ask.body) liftBody(ask.body, headerOf(ask.headers, "content-type"), keep, search);
}

function liftBody(body: Body, type: string | undefined, keep: (value: string, name: string) => void, search: (text: string, isFree?: boolean) => void): void {
  if (body.kind === "file") return;
  if (body.kind === "parts") {
    for (const { name, content, filename } of body.parts) {
      if (filename === undefined && isSecretName(name)) keep(content, name);
      search(content, filename !== undefined);
    }
    return;
  }
  const content = contentOf(body.text, type);
  if (content.kind === "json") liftJson(content.value, "", keep);
  else if (content.kind === "form") for (const [name, value] of content.fields) if (isSecretName(name)) keep(value, name);
  search(body.text, content.kind === "text");
}

/** What stands below a secret name is secret, however deep. */
function liftJson(value: unknown, secret: string, keep: (value: string, name: string) => void): void {
  if (Array.isArray(value)) for (const one of value) liftJson(one, secret, keep);
  else if (isObject(value)) for (const [name, one] of Object.entries(value)) liftJson(one, isSecretName(name) ? name : secret, keep);
  else if (secret !== "" && (typeof value === "string" || typeof value === "number")) keep(String(value), secret);
}
