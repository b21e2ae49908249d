import { isIPv4, isIPv6 } from "node:net";
import type { Proxy } from "../route.ts";

/** The proxy would not, or could not; the message has no login in it. */
export class ProxyRefused extends Error {}

/** Where a proxy is to connect. */
export interface Target {
  /** A name or an address, IPv6 without brackets. */
  readonly host: string;
  readonly port: number;
}

/** Says something, where there is something to say, and wants so many bytes back. */
interface Turn {
  readonly say?: Buffer;
  readonly bytes: number;
}
type Handshake = Generator<Turn, void, Buffer>;

/** A conversation with a proxy, before the connection is ours. It reads no byte beyond its end. */
export class Tunnel {
  readonly #handshake: Handshake;
  readonly #say: (bytes: Buffer) => void;
  #heard: Buffer = Buffer.alloc(0);
  #wanted = 0;

  constructor(proxy: Proxy, target: Target, say: (bytes: Buffer) => void) {
    this.#handshake = proxy.kind === "socks5" ? socks5(target, proxy.login) : connectTo(target, proxy.login);
    this.#say = say;
  }

  begin(): void {
    this.#take(this.#handshake.next());
  }

  /** True when the connection is through. @throws ProxyRefused */
  read(bytes: Buffer): boolean {
    this.#heard = Buffer.concat([this.#heard, bytes]);
    while (this.#heard.length >= this.#wanted) {
      const wanted = this.#heard.subarray(0, this.#wanted);
      this.#heard = this.#heard.subarray(this.#wanted);
      if (!this.#take(this.#handshake.next(wanted))) continue;
      // Whatever stands behind the tunnel speaks when it is spoken to.
      if (this.#heard.length > 0) throw new ProxyRefused("bytes that nobody asked for");
      return true;
    }
    return false;
  }

  #take({ done, value }: IteratorResult<Turn, void>): boolean {
    if (done) return true;
    if (value.say) this.#say(value.say);
    this.#wanted = value.bytes;
    return false;
  }
}

const longestHead = 16_384;

/** `basic` of RFC 7617, for an HTTP proxy. */
export const proxyLogin = ({ user, password }: NonNullable<Proxy["login"]>): string => `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`;

function* connectTo({ host, port }: Target, login: Proxy["login"]): Handshake {
  const authority = `${isIPv6(host) ? `[${host}]` : host}:${port}`;
  const lines = [`CONNECT ${authority} HTTP/1.1`, `host: ${authority}`, ...(login ? [`proxy-authorization: ${proxyLogin(login)}`] : [])];
  let head = (yield { say: Buffer.from(`${lines.join("\r\n")}\r\n\r\n`, "latin1"), bytes: 1 }).toString("latin1");
  while (!head.endsWith("\r\n\r\n")) {
    if (head.length >= longestHead) throw new ProxyRefused("an answer without end");
    head += (yield { bytes: 1 }).toString("latin1");
  }
  const [, status, reason = ""] = /^HTTP\/1\.[01] (\d{3})(?: ([\t\x20-\x7e]*))?\r\n/.exec(head) ?? [];
  if (status === undefined) throw new ProxyRefused("no answer of HTTP/1");
  if (!status.startsWith("2")) throw new ProxyRefused(`${status} ${reason}`.trim());
}

const socksErrors = ["", "general failure", "not allowed", "network unreachable", "host unreachable", "connection refused", "expired", "command unknown", "address type unknown"];

/** SOCKS 5 (RFC 1928) with its logins (RFC 1929). Names are the proxy's to resolve. */
function* socks5(target: Target, login: Proxy["login"]): Handshake {
  const [version, method] = yield { say: Buffer.from(login ? [5, 2, 0, 2] : [5, 1, 0]), bytes: 2 };
  if (version !== 5) throw new ProxyRefused("no answer of SOCKS 5");
  if (method === 2 && login) {
    const [user, password] = [Buffer.from(login.user), Buffer.from(login.password)];
    const [, refused] = yield { say: Buffer.concat([Buffer.from([1, user.length]), user, Buffer.from([password.length]), password]), bytes: 2 };
    if (refused !== 0) throw new ProxyRefused("login refused");
  } else if (method !== 0) {
    throw new ProxyRefused(method === 255 ? (login ? "no login wanted that we have" : "login wanted") : "no answer of SOCKS 5");
  }
  const [, error = 0, , kind] = yield { say: Buffer.concat([Buffer.from([5, 1, 0]), addressBytes(target)]), bytes: 4 };
  if (error !== 0) throw new ProxyRefused(socksErrors[error] ?? `error ${error}`);
  // The address that it connects from, and its port: of no use here.
  if (kind === 3) yield { bytes: (yield { bytes: 1 })[0]! + 2 };
  else if (kind === 1 || kind === 4) yield { bytes: kind * 4 + 2 };
  else throw new ProxyRefused("no answer of SOCKS 5");
}

function addressBytes({ host, port }: Target): Buffer {
  const [kind, bytes] = isIPv4(host) ? [1, Buffer.from(host.split(".").map(Number))] : isIPv6(host) ? [4, ipv6Bytes(host)] : [3, named(host)];
  return Buffer.concat([Buffer.from([kind]), bytes, Buffer.from([port >> 8, port & 255])]);
}

function named(host: string): Buffer {
  const name = Buffer.from(host);
  if (name.length > 255) throw new ProxyRefused("a host name of more than 255 bytes");
  return Buffer.concat([Buffer.from([name.length]), name]);
}

/** A URL has written it in hex already, at most with one gap. */
function ipv6Bytes(host: string): Buffer {
  const [before = "", after] = host.split("::");
  const [left, right] = [before, after ?? ""].map((part) => part.split(":").filter(Boolean));
  const gap = Array.from({ length: 8 - left!.length - right!.length }, () => "0");
  return Buffer.from([...left!, ...gap, ...right!].flatMap((word) => [Number.parseInt(word, 16) >> 8, Number.parseInt(word, 16) & 255]));
}
