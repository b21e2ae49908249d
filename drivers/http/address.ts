import { problem } from "../../src/units/errors.ts";

/** What a query parameter may hold; a list repeats it, undefined leaves it out. */
export type Param = string | number | boolean | undefined | readonly (string | number | boolean)[];
export type Params = Readonly<Record<string, Param>>;

/**
 * The base of a driver: an http or https address, perhaps with a path that goes before every path.
 *
 * @throws SEA_HTTP_BASE for anything else, also for one with a login, a query or a fragment
 */
export function parseBase(text: string, place = "http.base"): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !/^https?:$/.test(url.protocol) || url.username || url.password || url.search || url.hash) {
    throw problem("SEA_HTTP_BASE", { base: String(text) }, place);
  }
  return url;
}

const absolute = /^https?:\/\//i;

/**
 * Where a request goes. A path is appended to the base's; an absolute address stands for itself.
 *
 * @throws SEA_HTTP_PATH when it is neither
 */
export function addressOf(base: URL, path: string, params: Params | undefined): URL {
  if (params !== undefined) return parsed(base, path, params);
  let known = addresses.get(base.href);
  if (!known) addresses.set(base.href, (known = new Map()));
  let url = known.get(path);
  if (!url) {
    url = parsed(base, path, {});
    if (known.size === mostAddresses) known.clear();
    known.set(path, url);
  }
  return url;
}

/** Users ask for the same few paths again and again, and an address costs more to parse than to find. Nobody changes one that is here. */
const addresses = new Map<string, Map<string, URL>>();
const mostAddresses = 1_000;

function parsed(base: URL, path: string, params: Params): URL {
  const isAbsolute = absolute.test(path);
  const text = isAbsolute ? path : `${base.origin}${base.pathname.replace(/\/$/, "")}${path}`;
  if (!(isAbsolute || path.startsWith("/")) || !URL.canParse(text)) throw problem("SEA_HTTP_PATH", { path: String(path) });
  const url = new URL(text);
  // Each of these parses the address anew, also when it changes nothing.
  if (url.username !== "") url.username = "";
  if (url.password !== "") url.password = "";
  if (url.hash !== "" || text.endsWith("#")) url.hash = "";
  for (const [name, value] of Object.entries(params)) {
    if (value === undefined) continue;
    for (const one of [value].flat()) url.searchParams.append(name, String(one));
  }
  return url;
}

/** A path without query and fragment: what a step is called when it has no name. */
export const stepPath = (path: string): string => path.replace(/[?#].*$/s, "");
