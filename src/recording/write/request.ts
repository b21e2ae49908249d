import { call, key, list, object, objectOf, quote, type Code } from "./code.ts";
import { fieldsCode, secretCode, valueCode, writeBody, type Desk } from "./bodies.ts";
import { loginOf } from "./headers.ts";
import { stepName } from "./ids.ts";
import type { Ask, Pair } from "../recording.ts";
import type { Chosen } from "./select.ts";
import { isSecretName } from "../../mask/names.ts";
import { pathOf, type Target } from "./targets.ts";
import { decoded } from "../address.ts";

const withBody = new Set(["POST", "PUT", "PATCH"]);
const withoutBody = new Set(["GET", "HEAD", "OPTIONS", "DELETE"]);

/** Where a request goes and what its step is called. */
function addressOf({ url, name: given }: Ask, { base }: Target, own: Desk, varied: ReadonlySet<string>): { readonly path: Code; readonly name: string | undefined; readonly params: Code | undefined } {
  const { wording, vault } = own;
  const raw = pathOf(url, base);
  const query = [...url.searchParams];
  const isSpoken = query.some(([name, value]) => wording.has(name) || wording.has(value) || (isSecretName(name) && vault.code(value) !== undefined));
  const name = given ?? stepName(raw, (segment) => wording.has(decoded(segment)), varied);
  return {
    // A query that nothing has to be put into stays exactly as it was.
    path: wording.path(raw, isSpoken ? "" : url.search),
    name: name === raw ? undefined : name,
    params: isSpoken ? fieldsCode(query, own) : undefined,
  };
}

/** A login in the words of the driver; undefined for a scheme that it has no word for. */
function authCode(value: string, desk: Desk): string | undefined {
  const login = loginOf(value);
  if (!login) return undefined;
  desk.needs.add(login.scheme);
  const word = (text: string) => secretCode(text, desk) ?? desk.wording.text(text);
  return login.scheme === "bearer" ? `bearer(${word(login.token)})` : `basic(${word(login.user)}, ${word(login.password)})`;
}

/** Headers as an object, with the login apart. */
export function headerFields(headers: readonly Pair[], own: Desk): { readonly headers: Code | undefined; readonly auth: string | undefined } {
  let auth: string | undefined;
  const rest = headers.filter(([name, value]) => {
    const code = name === "authorization" ? authCode(value, own) : undefined;
    if (code !== undefined) auth = code;
    return code === undefined;
  });
  const byName = new Map(rest);
  return { auth, headers: byName.size === 0 ? undefined : object([...byName].map(([name, value]): Code => [key(name), ": ", valueCode(name, value, own)])) };
}

/** The call that makes a request: `shop.get("/items")`. */
export function writeRequest(ask: Chosen, target: Target, headers: readonly Pair[], own: Desk, varied: ReadonlySet<string>): Code {
  const { path, name, params } = addressOf(ask, target, own, varied);
  const body = writeBody(ask, own);
  const said = headerFields(body?.type === undefined ? headers : [["content-type", body.type], ...headers], own);
  const fields = {
    name: name === undefined ? undefined : quote(name),
    params, headers: said.headers, auth: said.auth,
    expect: ask.status !== undefined && ask.status >= 400 && ask.status <= 599 ? String(ask.status) : undefined,
    redirects: ask.stays ? "0" : undefined,
  };
  const { method } = ask;
  const isShort = withBody.has(method) || (withoutBody.has(method) && !body);
  const options = { ...(isShort ? {} : { body: body?.code }), ...fields };
  const hasOptions = Object.values(options).some((value) => value !== undefined);
  const optionArgs = hasOptions ? [objectOf(options)] : [];
  if (!isShort) return call(`${target.name}.request`, [quote(method), path, ...optionArgs]);
  const bodyArgs = body ? [body.code] : withBody.has(method) && hasOptions ? ["undefined"] : [];
  return call(`${target.name}.${method.toLowerCase()}`, [path, ...bodyArgs, ...optionArgs]);
}

/** Static files, side by side as a browser loads them. */
export function writeAssets(assets: readonly Ask[], target: Target, { wording }: Desk): Code {
  const paths = assets.map(({ url }) => {
    const isSecret = [...url.searchParams].some(([name, value]) => isSecretName(name) || wording.has(name) || wording.has(value));
    return wording.path(pathOf(url, target.base), isSecret ? "" : url.search);
  });
  return ["await Promise.all(", list([...new Set(paths)]), `.map((path) => ${target.name}.get(path, { name: "static files" })));`];
}
