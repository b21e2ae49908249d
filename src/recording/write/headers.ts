import type { Pair } from "../recording.ts";

/** What every browser and every HTTP library says by itself. */
const usual = new Set([
  "accept-encoding", "accept-language", "access-control-request-headers", "access-control-request-method", "access-control-request-private-network", "alt-used", "cache-control",
  "connection", "content-encoding", "content-length", "content-type", "cookie", "cookie2", "dnt", "dpr", "early-data", "expect", "host", "http2-settings", "if-match", "if-modified-since",
  "if-none-match", "if-range", "if-unmodified-since", "keep-alive", "origin", "pragma", "priority", "proxy-authorization", "proxy-connection", "purpose", "referer",
  "save-data", "te", "trailer", "transfer-encoding", "upgrade", "upgrade-insecure-requests", "user-agent", "via", "viewport-width", "width", "x-client-data", "x-forwarded-for",
]);

const token = /^[!#$%&'*+\-.^_`|~0-9a-z]+$/;

/** The headers that are the request's own: none that a client sends anyway, none that can't be sent. */
export function ownHeaders(headers: readonly Pair[]): Pair[] {
  return headers.filter(([name, value]) => {
    if (usual.has(name) || name.startsWith("sec-") || name.startsWith("proxy-")) return false;
    if (name === "accept" && /\*\/\*|text\/html|image\//.test(value)) return false;
    return token.test(name) && !/[^\t\x20-\x7e\x80-\xff]/.test(value);
  });
}

export const headerOf = (headers: readonly Pair[], name: string): string | undefined => headers.find(([one]) => one === name)?.[1];

/** The cookies of a request, but for those that only count visitors. */
export function cookiesOf(headers: readonly Pair[]): Pair[] {
  return headers.filter(([name]) => name === "cookie").flatMap(([, line]) => line.split(";").flatMap((pair): Pair[] => {
    const at = pair.indexOf("=");
    const name = pair.slice(0, at).trim();
    const isTracker = /^(_ga|_gid|_gat|_gcl|_fbp|_fbc|_hj|_pk_|_uet|__utm|amplitude_|mp_|ajs_|_clck|_clsk|OptanonConsent|intercom-)/i.test(name);
    return at <= 0 || isTracker || !/^[^\s;=,\x00-\x1f\x7f-\uffff]+$/.test(name) ? [] : [[name, pair.slice(at + 1).trim()]];
  }));
}

/** The login in an `authorization` header, taken apart. */
export function loginOf(value: string): { readonly scheme: "bearer"; readonly token: string } | { readonly scheme: "basic"; readonly user: string; readonly password: string } | undefined {
  const [, scheme, rest] = /^(bearer|basic)\s+(\S+)\s*$/i.exec(value) ?? [];
  if (rest === undefined) return undefined;
  if (scheme!.toLowerCase() === "bearer") return { scheme: "bearer", token: rest };
  const plain = Buffer.from(rest, "base64").toString();
  const at = plain.indexOf(":");
  return at < 0 ? undefined : { scheme: "basic", user: plain.slice(0, at), password: plain.slice(at + 1) };
}
