import { problem } from "../../src/units/errors.ts";

/** Another way to a service than a connection to its own address. */
export type Route = SocketFile | Proxy;

/** A unix socket, for one origin alone. */
export interface SocketFile {
  readonly kind: "socket";
  readonly path: string;
  readonly origin: string;
}

/** Whoever connects in our place, for every origin. */
export interface Proxy {
  readonly kind: "http" | "socks5";
  readonly host: string;
  readonly port: number;
  readonly login: { readonly user: string; readonly password: string } | undefined;
}

/** `sun_path` of Linux, without its end mark. */
const longestSocketPath = 107;
const longestSocksWord = 255;

const wrong = (setting: string, value: unknown, form: string) => problem("SEA_HTTP_SETTING", { setting, value: withoutLogin(String(value)), form }, `http.${setting}`);
const withoutLogin = (address: string): string => address.replace(/^([a-z0-9+.-]+:\/\/)?.*@/i, "$1***@");

/**
 * What `socketPath` and `proxy` mean together.
 *
 * @throws SEA_HTTP_SETTING, without the proxy's login
 */
export function readRoute(base: URL | undefined, socketPath: string | undefined, proxy: string | undefined): Route | undefined {
  if (socketPath === undefined) return proxy === undefined ? undefined : readProxy(proxy);
  if (proxy !== undefined) throw wrong("proxy", proxy, "a socketPath or a proxy, one of the two");
  if (!base) throw wrong("socketPath", socketPath, "it with a base, whose host goes into the host header");
  if (typeof socketPath !== "string" || socketPath === "" || Buffer.byteLength(socketPath) > longestSocketPath) {
    throw wrong("socketPath", socketPath, `the path of a unix socket, at most ${longestSocketPath} bytes`);
  }
  return { kind: "socket", path: socketPath, origin: base.origin };
}

const kinds: Readonly<Record<string, Proxy["kind"]>> = { "http:": "http", "socks5:": "socks5", "socks5h:": "socks5" };

function readProxy(text: string): Proxy {
  const form = 'an address such as "http://user:password@proxy.example:3128" or "socks5://proxy.example:1080"';
  const url = typeof text === "string" && URL.canParse(text) ? new URL(text) : undefined;
  const kind = url && kinds[url.protocol];
  if (!kind || url.hostname === "" || !/^\/?$/.test(url.pathname) || url.search || url.hash) throw wrong("proxy", text, form);
  const login = url.username === "" && url.password === "" ? undefined : { user: plain(url.username), password: plain(url.password) };
  if (kind === "socks5" && login && [login.user, login.password].some((word) => word === "" || Buffer.byteLength(word) > longestSocksWord)) {
    throw wrong("proxy", text, `a SOCKS login of a user and a password, each of 1 to ${longestSocksWord} bytes`);
  }
  if (kind === "http" && login?.user.includes(":")) throw wrong("proxy", text, "a user name without a colon");
  return { kind, host: url.hostname.replace(/^\[(.*)\]$/, "$1"), port: Number(url.port) || (kind === "http" ? 80 : 1080), login };
}

/** A part of an address as it was meant; one that is no encoding stands for itself. */
function plain(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
