import { isIP } from "node:net";
import { createSecureContext, type ConnectionOptions, type SecureContext } from "node:tls";
import { problem } from "../../../src/units/errors.ts";
import type { EngineSettings, Outgoing, TlsSettings } from "../engine.ts";
import { HeaderLines } from "../headers.ts";
import type { Proxy } from "../route.ts";
import { proxyLogin, type Target } from "./tunnel.ts";

/** Reading certificates takes milliseconds; the users of one driver share its settings, and so the work. */
const contexts = new WeakMap<TlsSettings, SecureContext>();

function contextOf(tls: TlsSettings): SecureContext {
  let context = contexts.get(tls);
  if (!context) contexts.set(tls, (context = createSecureContext({ ca: tls.ca as string[], cert: tls.cert as string, key: tls.key as string })));
  return context;
}

/**
 * Reads certificates before the first request, where there are any.
 *
 * @throws SEA_HTTP_SETTING for what is none, or a key that fits no certificate
 */
export function checkTls(tls: TlsSettings): void {
  if (tls.ca === undefined && tls.cert === undefined) return;
  try {
    contextOf(tls);
  } catch (cause) {
    throw problem("SEA_HTTP_SETTING", { setting: "tls", value: (cause as Error).message, form: "certificates and a key that fits, as PEM" }, "http.tls", cause);
  }
}

/** Somewhere to connect to, and by which way. */
export class Origin {
  /** For the `host` header. */
  readonly host: string;
  readonly isSecure: boolean;
  /** Where TCP, or the unix socket, leads. */
  readonly door: { readonly host: string; readonly port: number } | { readonly path: string };
  /** Whoever has to connect further before anything is ours; HTTP proxies do that for https only. */
  readonly tunnel: { readonly proxy: Proxy; readonly target: Target } | undefined;
  /** An HTTP proxy that is asked in the service's place. */
  readonly asker: Proxy | undefined;
  readonly #origin: string;
  /** What a proxy is asked, by what is meant. */
  readonly #asked: WeakMap<Outgoing, Outgoing> | undefined;
  readonly #tls: TlsSettings;
  readonly #servername: string | undefined;
  /** The last TLS session, to be resumed by the next connection. */
  #session: Buffer | undefined;

  constructor(origin: string, { tls, route }: EngineSettings) {
    const { protocol, host, hostname, port } = new URL(origin);
    this.isSecure = protocol === "https:";
    this.host = host;
    this.#origin = origin;
    // An IPv6 address wears brackets in a URL, and none at a socket.
    const target = { host: hostname.replace(/^\[(.*)\]$/, "$1"), port: Number(port) || (this.isSecure ? 443 : 80) };
    const proxy = route && route.kind !== "socket" ? route : undefined;
    this.door = proxy ?? (route?.kind === "socket" && route.origin === origin ? { path: route.path } : target);
    this.asker = proxy?.kind === "http" && !this.isSecure ? proxy : undefined;
    this.#asked = this.asker && new WeakMap();
    this.tunnel = proxy && !this.asker ? { proxy, target } : undefined;
    this.#tls = tls;
    this.#servername = tls.servername ?? (isIP(target.host) ? undefined : target.host);
  }

  /** The request as the asked proxy wants it: with the whole address, and its own login. */
  through(proxy: Proxy, request: Outgoing): Outgoing {
    let asked = this.#asked!.get(request);
    if (!asked) {
      const headers = proxy.login ? new HeaderLines(new Map([...request.headers, ["proxy-authorization", proxyLogin(proxy.login)]])) : request.headers;
      const { rendered: _ofTheOther, ...rest } = request;
      this.#asked!.set(request, (asked = { ...rest, path: this.#origin + request.path, headers }));
    }
    return asked;
  }

  /** How TLS begins, whatever lies below it. @param protocols offered by ALPN */
  secure(protocols: readonly string[]): ConnectionOptions {
    return {
      secureContext: contextOf(this.#tls),
      rejectUnauthorized: this.#tls.insecure !== true,
      ALPNProtocols: [...protocols],
      ...(this.#servername === undefined ? {} : { servername: this.#servername }),
      ...(this.#session && { session: this.#session }),
    };
  }

  keepSession(session: Buffer): void {
    this.#session = session;
  }
}
