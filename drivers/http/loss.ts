import type { Loss } from "./engine.ts";

/** How far a request had come when its connection failed. */
export interface Progress {
  /** A proxy had not led to the service yet. */
  readonly proxied?: boolean;
  /** TCP was connected. */
  readonly reached: boolean;
  /** The request was written, at least in part. */
  readonly sent: boolean;
  /** An answer had begun. */
  readonly answering: boolean;
  /** Its head had come. */
  readonly headed: boolean;
}

type Coded = Error & { readonly code?: string; readonly syscall?: string };

/** What this process, or its machine, lacked for a connection; undefined when the other side is to blame. */
function lackOf(error: Coded): "no descriptors" | "no ports" | undefined {
  // One name may have several addresses, and IPv6 may be switched off here: the last word is that of all of them.
  if (error instanceof AggregateError && error.errors.length > 0) {
    const lacks = new Set((error.errors as Coded[]).map(lackOf));
    return lacks.size === 1 ? [...lacks][0] : undefined;
  }
  if (error.code === "EMFILE" || error.code === "ENFILE") return "no descriptors";
  return error.code === "EADDRNOTAVAIL" ? "no ports" : undefined;
}

/** Names the loss behind an error of undici or of Node's sockets. */
export function lossOf(error: Coded, { proxied, reached, sent, answering, headed }: Progress): Loss {
  const code = error.code ?? error.name;
  const detail = code === "UND_ERR_SOCKET" || error.code === undefined ? error.message : code;
  const is = (loss: Loss["loss"]): Loss => ({ loss, error: detail });
  const lack = reached ? undefined : lackOf(error);
  if (lack !== undefined) return is(lack);
  if (proxied) return is("proxy");
  if (!sent) return is(error.syscall === "getaddrinfo" ? "dns" : reached ? "tls" : "refused");
  // A server that asks for a client's certificate says no after the handshake, as TLS 1.3 has it.
  if (code.startsWith("ERR_SSL") && !answering) return is("tls");
  // undici's parser tells a wrong length and an early end apart by neither.
  if (code === "UND_ERR_RES_CONTENT_LENGTH_MISMATCH") return is(headed ? "cut short" : "protocol");
  if (code === "HTTPParserError") return is(error.message.includes("EOF") ? "cut short" : "protocol");
  if (code === "UND_ERR_HEADERS_OVERFLOW") return is("protocol");
  // An answer that nobody asked for, or an upgrade.
  if (code === "UND_ERR_SOCKET" && error.message.startsWith("bad ")) return is("protocol");
  return is(answering ? "cut short" : "reset");
}
