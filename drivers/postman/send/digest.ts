import { createHash } from "node:crypto";
import type { Wire } from "./auth.ts";

/** What a service asks for with its challenge (RFC 7616). */
export interface Digest {
  readonly nonce: string;
  readonly realm: string;
  readonly qop: string;
  readonly opaque: string;
}

/** The challenge of an answer, where it is one. */
export function challengeOf(status: number, lines: readonly string[]): Digest | undefined {
  const line = status === 401 || status === 403 ? lines.find((one) => /^digest /i.test(one)) : undefined;
  if (line === undefined) return undefined;
  const part = (name: string) => new RegExp(`${name}="([^"]*)"`, "i").exec(line)?.[1] ?? "";
  return { nonce: part("nonce"), realm: part("realm"), qop: part("qop"), opaque: part("opaque") };
}

interface Login {
  readonly username: string;
  readonly password: string;
  readonly algorithm: string;
  readonly clientNonce: string;
}

/** The answer to a challenge: always the first use of its nonce. */
export function digestHeader({ nonce, realm, qop: offered, opaque }: Digest, { method, url, body }: Wire, { username, password, algorithm, clientNonce }: Login): string {
  const hash = (data: string | Uint8Array) => createHash(hashName(algorithm)).update(data).digest("hex");
  const { pathname, search } = new URL(url);
  const uri = pathname + search;
  const offers = offered.split(/\s*,\s*/);
  const qop = offers.includes("auth") ? "auth" : offers.includes("auth-int") ? "auth-int" : "";
  const count = "00000001";
  const who = `${username}:${realm}:${password}`;
  const first = hash(/-sess$/i.test(algorithm) ? `${hash(who)}:${nonce}:${clientNonce}` : who);
  const second = hash(qop === "auth-int" ? `${method}:${uri}:${hash(body ?? "")}` : `${method}:${uri}`);
  const response = hash(qop === "" ? `${first}:${nonce}:${second}` : `${first}:${nonce}:${count}:${clientNonce}:${qop}:${second}`);
  const parts = [`username="${username}"`, `realm="${realm}"`, `nonce="${nonce}"`, `uri="${uri}"`, `algorithm=${algorithm}`];
  if (qop !== "") parts.push(`qop=${qop}`, `nc=${count}`, `cnonce="${clientNonce}"`);
  parts.push(`response="${response}"`);
  if (opaque !== "") parts.push(`opaque="${opaque}"`);
  return `Digest ${parts.join(", ")}`;
}

function hashName(algorithm: string): string {
  if (/^sha-512-256/i.test(algorithm)) return "sha512-256";
  return /^sha-256/i.test(algorithm) ? "sha256" : "md5";
}
