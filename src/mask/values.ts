/** What stands in the place of a secret. */
export const blot = "***";
/** Shorter values (`en`, `1`) keep no secret, and blotting them out would leave nothing to read. */
const leastLength = 4;
const noSecret = new Set(["true", "false", "null", "none", "undefined", blot]);

/** A value that can be looked for. */
export const isTelling = (value: string): boolean => value.length >= leastLength && !noSecret.has(value);

/** The values in a `cookie` header. */
const cookieValues = (header: string): string[] => header.split(/; */).map((pair) => pair.slice(pair.indexOf("=") + 1).replace(/^"(.*)"$/, "$1"));

/**
 * The secrets among named values: logins without their scheme, a password by itself, cookies one by one.
 *
 * @param isSecret by the name, which is in lower case for headers
 */
export function secretsIn(named: Iterable<readonly [name: string, value: string]>, isSecret: (name: string) => boolean): string[] {
  return [...named].filter(([name]) => isSecret(name)).flatMap(([name, value]) => {
    if (name === "cookie") return cookieValues(value);
    if (name === "set-cookie") return cookieValues(value.split(";")[0]!);
    const [, scheme, token] = /^(\S+) +(.+)$/.exec(value) ?? [];
    if (token === undefined) return [value];
    return scheme!.toLowerCase() === "basic" ? [token, Buffer.from(token, "base64").toString().replace(/^[^:]*:/, "")] : [token];
  });
}

const entities: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

/** A value in every way that texts write it. */
export function waysToWrite(value: string): string[] {
  const form = new URLSearchParams({ a: value }).toString().slice(2);
  const uri = value.isWellFormed() ? encodeURIComponent(value) : form;
  const markup = value.replace(/[&<>"']/g, (letter) => entities[letter]!);
  const inJson = JSON.stringify(value).slice(1, -1);
  const bytes = Buffer.from(value);
  return [...new Set([
    value, uri, form, inJson, JSON.stringify(inJson).slice(1, -1), markup, markup.replaceAll("&#39;", "'"), markup.replaceAll("&quot;", '"').replaceAll("&#39;", "'"),
    bytes.toString("base64").replace(/=+$/, ""), bytes.toString("base64url"),
  ])].filter(isTelling);
}

/**
 * Without any of these, also where the text breaks off in the middle of one.
 *
 * @param ways as `waysToWrite` has them
 */
export function withoutValues(text: string, ways: Iterable<string>): string {
  // The longest first: one may be a part of another.
  return [...new Set(ways)].sort((a, b) => b.length - a.length).reduce(withoutOne, text);
}

function withoutOne(text: string, secret: string): string {
  const whole = text.replaceAll(secret, blot);
  for (let length = secret.length - 1; length >= leastLength; length--) {
    if (whole.endsWith(secret.slice(0, length))) return `${whole.slice(0, -length)}${blot}`;
  }
  return whole;
}
