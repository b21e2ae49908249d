import { addressIn, type Address } from "./address.ts";
import type { Content } from "./engine.ts";
import { HeaderLines } from "./headers.ts";

/** A request on its way through redirects; each hop changes it as a browser would. */
export interface Hop {
  readonly method: string;
  readonly address: Address;
  readonly headers: HeaderLines;
  readonly body: Content | undefined;
  readonly continueMs: number | undefined;
}

const followed = new Set([301, 302, 303, 307, 308]);

/** True when an answer of this status sends the client to its location, if it has one. */
export const isRedirect = (status: number): boolean => status >= 300 && followed.has(status);

/**
 * The next hop, or undefined when the location leads nowhere that http goes. 303 turns everything
 * but HEAD into a GET, 301 and 302 only a POST, 307 and 308 nothing; a login stays with its origin.
 */
export function nextHop({ method, address: { url }, headers, body, continueMs }: Hop, status: number, location: string): Hop | undefined {
  if (!URL.canParse(location, url.href)) return undefined;
  const to = new URL(location, url);
  if (!/^https?:$/.test(to.protocol)) return undefined;
  to.username = to.password = to.hash = "";
  const kept = new Map(headers);
  if (to.origin !== url.origin) forgetOrigin(kept);
  const becomesGet = status === 303 ? method !== "GET" && method !== "HEAD" : status < 303 && method === "POST";
  const address = addressIn(to);
  if (!becomesGet) return { method, address, headers: new HeaderLines(kept), body, continueMs };
  for (const name of kept.keys()) if (name.startsWith("content-")) kept.delete(name);
  return { method: "GET", address, headers: new HeaderLines(kept), body: undefined, continueMs };
}

/** Takes away what was meant for one origin alone. */
export function forgetOrigin(headers: Map<string, string>): void {
  for (const name of ["authorization", "cookie", "host"]) headers.delete(name);
}
