import type { Failure } from "../../src/model/op.ts";

/** Query parameters and headers of such names hold secrets. */
const secretName = /token|secret|password|passwd|pwd|key|auth|session|sig|cookie/i;
const blot = "***";
/** Shorter values (`en`, `1`) keep no secret, and blotting them out would leave nothing to read. */
const leastLength = 4;

/** A query without the values of its secrets. */
export function maskQuery(search: string): string {
  return search.replace(/([?&])([^=&]*)=[^&]*/g, (whole, before: string, name: string) => {
    const [[plain = ""] = []] = name.includes("%") ? new URLSearchParams(`${name}=`) : [[name]];
    return secretName.test(plain) ? `${before}${name}=${blot}` : whole;
  });
}

/** The values in a `cookie` header. */
const cookieValues = (header: string): string[] => header.split(/; */).map((pair) => pair.slice(pair.indexOf("=") + 1).replace(/^"(.*)"$/, "$1"));

/** The secrets among the headers of a request: logins without their scheme, a password by itself, cookies one by one. */
export function secretsIn(headers: Iterable<readonly [name: string, value: string]>): string[] {
  return [...headers].filter(([name]) => secretName.test(name)).flatMap(([name, value]) => {
    if (name === "cookie") return cookieValues(value);
    const [, scheme, token] = /^(\S+) +(.+)$/.exec(value) ?? [];
    if (token === undefined) return [value];
    return scheme!.toLowerCase() === "basic" ? [token, Buffer.from(token, "base64").toString().replace(/^[^:]*:/, "")] : [token];
  });
}

/** The failure as it may be written down: a ledger is kept, shared and shown. */
export function maskFailure(failure: Failure, secrets: readonly string[]): Failure {
  // The longest first: one may be a part of another.
  const known = [...new Set(secrets)].filter(({ length }) => length >= leastLength).sort((a, b) => b.length - a.length);
  if (known.length === 0) return failure;
  const clean = (text: string) => known.reduce(withoutSecret, text);
  const { cause, request, body, error } = failure;
  return {
    ...failure, cause: clean(cause),
    ...(request !== undefined && { request: clean(request) }), ...(body !== undefined && { body: clean(body) }), ...(error !== undefined && { error: clean(error) }),
  };
}

/** Also where the text was cut in the middle of the secret. */
function withoutSecret(text: string, secret: string): string {
  const whole = text.replaceAll(secret, blot);
  for (let length = secret.length - 1; length >= leastLength; length--) {
    if (whole.endsWith(secret.slice(0, length))) return `${whole.slice(0, -length)}${blot}`;
  }
  return whole;
}
