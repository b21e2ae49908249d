/** A request on its way through redirects; each hop changes it as a browser would. */
export interface Hop {
  readonly method: string;
  readonly url: URL;
  readonly headers: Map<string, string>;
  readonly body: string | Uint8Array | undefined;
}

const followed = new Set([301, 302, 303, 307, 308]);

/** True when the answer sends the client elsewhere. */
export const isRedirect = (status: number, location: string | undefined): location is string => followed.has(status) && location !== undefined;

/**
 * The next hop, or undefined when the location leads nowhere that http goes. 303 turns everything
 * but HEAD into a GET, 301 and 302 only a POST, 307 and 308 nothing; a login stays with its origin.
 */
export function nextHop({ method, url, headers, body }: Hop, status: number, location: string): Hop | undefined {
  if (!URL.canParse(location, url.href)) return undefined;
  const to = new URL(location, url);
  if (!/^https?:$/.test(to.protocol)) return undefined;
  to.username = to.password = to.hash = "";
  const kept = new Map(headers);
  if (to.origin !== url.origin) forgetOrigin(kept);
  const becomesGet = status === 303 ? method !== "GET" && method !== "HEAD" : status < 303 && method === "POST";
  if (!becomesGet) return { method, url: to, headers: kept, body };
  for (const name of kept.keys()) if (name.startsWith("content-")) kept.delete(name);
  return { method: "GET", url: to, headers: kept, body: undefined };
}

/** Takes away what was meant for one origin alone. */
export function forgetOrigin(headers: Map<string, string>): void {
  for (const name of ["authorization", "cookie", "host"]) headers.delete(name);
}
