import { problem } from "../../src/units/errors.ts";
import type { Outgoing } from "./engine.ts";

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

/** Where a request goes, with what every request to there asks of it: a URL makes them anew each time. */
export interface Address {
  readonly url: URL;
  readonly origin: string;
  /** Path with query. */
  readonly target: string;
  /** The latest request to here that had neither body nor cookie: most often the next one is the same. */
  latest?: Outgoing;
}

export const addressIn = (url: URL): Address => ({ url, origin: url.origin, target: url.pathname + url.search });

const absolute = /^https?:\/\//i;

/**
 * Where a request goes. A path is appended to the base's; an absolute address stands for itself.
 *
 * @throws SEA_HTTP_PATH when it is neither
 */
export function addressOf(base: URL, path: string, params: Params | undefined): Address {
  if (params !== undefined) return parsed(base, path, params);
  let known = addresses.get(base.href);
  if (!known) addresses.set(base.href, (known = new Map()));
  let address = known.get(path);
  if (!address) {
    address = parsed(base, path, {});
    if (known.size === mostAddresses) known.clear();
    known.set(path, address);
  }
  return address;
}

/** Users ask for the same few paths again and again, and an address costs more to parse than to find. Nobody changes one that is here. */
const addresses = new Map<string, Map<string, Address>>();
const mostAddresses = 1_000;

function parsed(base: URL, path: string, params: Params): Address {
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
  return addressIn(url);
}

/** What a step is called: `GET /items`. Without a name it is the path without query and fragment. */
export function stepOf(method: string, path: string, name: string | undefined): string {
  let known = steps.get(method);
  if (!known) steps.set(method, (known = { named: new Map(), unnamed: new Map() }));
  const of = name === undefined ? known.unnamed : known.named;
  const asked = name ?? path;
  let step = of.get(asked);
  if (step === undefined) {
    step = `${method} ${name ?? path.replace(/[?#].*$/s, "")}`;
    if (of.size === mostAddresses) of.clear();
    of.set(asked, step);
  }
  return step;
}

/** The recorder looks a step up by its text, which is quick only where it is the same text each time. */
const steps = new Map<string, { readonly named: Map<string, string>; readonly unnamed: Map<string, string> }>();
