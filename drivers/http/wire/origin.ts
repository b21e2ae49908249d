import { connect, isIP, type OnReadOpts, type Socket } from "node:net";
import { connect as connectTls, createSecureContext, type SecureContext } from "node:tls";
import type { TlsSettings } from "../engine.ts";

/** One buffer hears every connection of the thread: whoever is called with it is done with it before the next is. */
const heard = Buffer.allocUnsafeSlow(65_536);

/** Reading certificates takes milliseconds; the users of one driver share its settings, and so the work. */
const contexts = new WeakMap<TlsSettings, SecureContext>();

function contextOf(tls: TlsSettings): SecureContext {
  let context = contexts.get(tls);
  if (!context) contexts.set(tls, (context = createSecureContext({ ca: tls.ca as string[], cert: tls.cert as string, key: tls.key as string })));
  return context;
}

/** Somewhere to connect to. What is neither TCP nor TLS over it would be opened here. */
export class Origin {
  /** For the `host` header. */
  readonly host: string;
  readonly isSecure: boolean;
  readonly #hostname: string;
  readonly #port: number;
  readonly #tls: TlsSettings;
  /** The last TLS session, to be resumed by the next connection. */
  #session: Buffer | undefined;

  constructor(origin: string, tls: TlsSettings) {
    const { protocol, host, hostname, port } = new URL(origin);
    this.isSecure = protocol === "https:";
    this.host = host;
    // An IPv6 address wears brackets in a URL, and none at a socket.
    this.#hostname = hostname.replace(/^\[(.*)\]$/, "$1");
    this.#port = Number(port) || (this.isSecure ? 443 : 80);
    this.#tls = tls;
  }

  /** A socket on its way; `hear` gets the shared buffer with the number of bytes that came. */
  open(hear: (length: number, buffer: Buffer) => void): Socket {
    const onread: OnReadOpts = {
      buffer: heard,
      callback: (length, buffer) => {
        hear(length, buffer as Buffer);
        return true;
      },
    };
    const options = { host: this.#hostname, port: this.#port, noDelay: true, onread };
    if (!this.isSecure) return connect(options);
    const name = this.#tls.servername ?? (isIP(this.#hostname) ? undefined : this.#hostname);
    const socket = connectTls({
      ...options,
      secureContext: contextOf(this.#tls),
      rejectUnauthorized: this.#tls.insecure !== true,
      ALPNProtocols: ["http/1.1"],
      ...(name === undefined ? {} : { servername: name }),
      ...(this.#session && { session: this.#session }),
    });
    socket.setNoDelay(true);
    return socket.on("session", (session) => (this.#session = session));
  }
}
