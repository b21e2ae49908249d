import type { HeaderLines, ReplyHeaders } from "./headers.ts";
import type { Route } from "./route.ts";
import type { Marks } from "./timings.ts";

/**
 * The seam between what a journey says (sessions, redirects, cookies, time-outs, records) and
 * how bytes travel. An engine belongs to one session, or to all of a driver where they share a pool.
 */
export interface Engine {
  /**
   * Sends one request and hears the whole answer. The hearer is told exactly once, at the last byte
   * or at the loss, and never before `dispatch` has returned.
   *
   * A request that found its kept-alive connection closed before any byte of an answer is sent
   * once more on a fresh connection where its method is idempotent. One that the server itself says it
   * did not touch (HTTP/2 can say so) is sent once more whatever its method. Nothing else is repeated.
   */
  dispatch(request: Outgoing, hearer: Hearer): Ride;
  /** Ends every connection at once. Every request has ended or was abandoned by then. */
  close(): Promise<void>;
}

/** Who waits for what becomes of a request. */
export interface Hearer {
  hear(ended: Incoming | Loss): void;
}

/** A request on its way. */
export interface Ride {
  /** Ends its connection, and its hearer is told nothing. Answers how far the request had come. */
  abandon(): Marks | undefined;
}

/** A request with everything decided; the same one may be sent many times. */
export interface Outgoing {
  readonly method: string;
  /** `"https://shop.example:8443"` */
  readonly origin: string;
  /** Path with query. */
  readonly path: string;
  /** Without content-length. */
  readonly headers: HeaderLines;
  /** One more header, which changes as the service answers; undefined for none. */
  readonly cookie: string | undefined;
  readonly body: Content | undefined;
  /** With a body: asks the service before it is sent (`expect: 100-continue`), and waits so long for its word, ms. */
  readonly continueMs?: number | undefined;
  /** The engine's own form of it, kept from the last time it was sent. */
  rendered?: Uint8Array;
}

export type Content = string | Uint8Array | Source;

/** A body that is read while it is sent. */
export interface Source {
  /** As long as it will be, or it fails. Undefined where nobody knows: then it goes in chunks. */
  readonly lengthBytes: number | undefined;
  /** False once it was read, where it can't be again. */
  readonly readable: boolean;
  chunks(): AsyncIterable<Uint8Array>;
  /** What the latest `chunks` read; undefined before. */
  readonly read: Witness | undefined;
}

/** What was read of a body, for whoever wants to know after it went wrong. */
export interface Witness {
  /** Its first bytes, a few thousand at the most. */
  readonly head: Uint8Array;
  readonly readBytes: number;
}

export const isSource = (content: Content | undefined): content is Source => typeof content === "object" && !(content instanceof Uint8Array);

/** A whole answer. */
export interface Incoming {
  readonly status: number;
  readonly headers: ReplyHeaders;
  readonly body: Uint8Array;
  /** How it came to be; undefined where it went as quick as can be. */
  marks?: Marks | undefined;
  /** Left out for HTTP/1.1. */
  readonly version?: "1.1" | "2";
}

/** No whole answer came. */
export interface Loss {
  readonly loss: keyof typeof lossOutcome;
  /** The code or message of the error underneath. */
  readonly error: string;
  /** Where a head had come. */
  readonly status?: number;
  readonly headers?: ReplyHeaders;
  /** What had come of the body. */
  readonly body?: Uint8Array;
  readonly marks?: Marks | undefined;
}

/** Whether the service may have acted on a request whose answer was lost. */
export const lossOutcome = {
  // Not even that: this process had no descriptor or local port left for a connection.
  "no descriptors": "refused",
  "no ports": "refused",
  // Before anything was sent: no connection, no address, no trust.
  refused: "refused",
  dns: "refused",
  tls: "refused",
  // The proxy between would not, or could not, connect.
  proxy: "refused",
  // An answer came, and is more than the session will hold.
  "too large": "refused",
  // What was to be sent broke off, or was not as long as it had been said.
  upload: "unsure",
  // After the request was sent: gone without a word, gone in the middle of one, or talking nonsense.
  reset: "unsure",
  "cut short": "unsure",
  protocol: "unsure",
} as const;

const idempotent = new Set(["GET", "HEAD", "OPTIONS", "PUT", "DELETE"]);

/** May be sent twice: without harm, and at all. */
export const isRepeatable = ({ method, body }: Outgoing): boolean => idempotent.has(method) && (!isSource(body) || body.readable);

/** What an engine needs to know beside the requests. */
export interface EngineSettings {
  /** How long a connection may idle before it is closed, ms; 0 closes it after every answer. */
  readonly keepAliveMs: number;
  /** Connections to one origin at once; further requests wait for a free one. */
  readonly connections: number;
  /** An answer's body may be so long, as it comes over the wire. */
  readonly bodyLimitBytes: number;
  readonly tls: TlsSettings;
  /** The way to the service where it is not the plain one. */
  readonly route: Route | undefined;
  /** How long the addresses of a name are believed, ms. */
  readonly dnsTtlMs: number;
}

/** How `https` is spoken. Certificates and keys are PEM. */
export interface TlsSettings {
  /** Trusted instead of the well-known authorities. */
  readonly ca?: string | Uint8Array | readonly (string | Uint8Array)[];
  /** This client's certificate, where the service asks for one. */
  readonly cert?: string | Uint8Array;
  readonly key?: string | Uint8Array;
  /** The name to ask for and to check, where it is not the host's. */
  readonly servername?: string;
  /** True accepts any certificate. */
  readonly insecure?: boolean;
}
