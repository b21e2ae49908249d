import type { OpenContext } from "../../src/model/driver.ts";
import { cutCause, TouchFailed, type Failure } from "../../src/model/op.ts";
import { lossOutcome, type Engine, type Incoming, type Loss } from "./engine.ts";
import type { Jar } from "./cookies.ts";
import { complaint, type Expect } from "./expect.ts";
import { ReplyHeaders } from "./headers.ts";
import { maskFailure, maskQuery, secretsIn } from "./mask.ts";
import { isRedirect, nextHop, type Hop } from "./redirect.ts";
import { headOf, Reply } from "./reply.ts";

/** What the touches of one session share. */
export interface Desk {
  readonly context: OpenContext;
  readonly engine: Engine;
  readonly jar: Jar;
  readonly bodyLimitBytes: number;
  readonly underWay: Set<Touch>;
  /** The run, or the session, is over. */
  cut: boolean;
}

/** One touch as the session asks for it. */
export interface Ask {
  readonly step: string;
  readonly beganMs: number;
  readonly hop: Hop;
  readonly timeoutMs: number;
  readonly redirects: number;
  readonly expect: Expect | undefined;
}

const longestLine = 300;

/** From the first hop to the record: one op, however many redirects it takes. */
export class Touch {
  readonly #desk: Desk;
  readonly #ask: Ask;
  readonly #reply = Promise.withResolvers<Reply>();
  #hop: Hop;
  #hopsLeft: number;
  #abandon: (() => void) | undefined;
  #cancelTimeout: (() => void) | undefined;

  constructor(desk: Desk, ask: Ask) {
    this.#desk = desk;
    this.#ask = ask;
    this.#hop = ask.hop;
    this.#hopsLeft = ask.redirects;
  }

  begin(): Promise<Reply> {
    if (this.#desk.cut) {
      this.cut();
    } else {
      this.#desk.underWay.add(this);
      this.#cancelTimeout = this.#desk.context.clock.at(this.#ask.beganMs + this.#ask.timeoutMs, () => this.#stop("timeout"));
      try {
        this.#send();
      } catch (error) {
        this.#reject(error);
      }
    }
    return this.#reply.promise;
  }

  cut(): void {
    this.#stop(cutCause);
  }

  #stop(cause: string): void {
    this.#abandon?.();
    this.#fail("unsure", { cause, request: this.#line() });
  }

  #send(): void {
    const { method, url, headers, body } = this.#hop;
    const cookie = headers.has("cookie") ? undefined : this.#desk.jar.header(url);
    const flat: string[] = [];
    for (const [name, value] of headers) flat.push(name, value);
    if (cookie !== undefined) flat.push("cookie", cookie);
    this.#abandon = this.#desk.engine.dispatch({ method, origin: url.origin, path: url.pathname + url.search, headers: flat, body }, (ended) => {
      try {
        if ("loss" in ended) this.#lost(ended);
        else this.#answered(ended);
      } catch (error) {
        this.#reject(error);
      }
    });
  }

  #lost({ loss, error, status, body }: Loss): void {
    this.#fail(lossOutcome[loss], {
      cause: loss,
      request: this.#line(),
      error,
      ...(status === undefined ? {} : { status }),
      ...(body === undefined ? {} : { body: new TextDecoder().decode(body.subarray(0, 512)) }),
    });
  }

  #answered({ status, headers: flat, body }: Incoming): void {
    const endedMs = this.#desk.context.clock.now();
    const headers = new ReplyHeaders(flat);
    this.#desk.jar.store(this.#hop.url, headers.getAll("set-cookie"));
    const location = headers.get("location");
    const follows = this.#ask.redirects > 0 && isRedirect(status, location);
    const next = follows && this.#hopsLeft > 0 ? nextHop(this.#hop, status, location) : undefined;
    if (next) {
      this.#hop = next;
      this.#hopsLeft--;
      return this.#send();
    }
    // Before the journey's own code judges: nothing may end this touch a second time.
    this.#settle();
    const { step, beganMs, expect } = this.#ask;
    const reply = new Reply({ request: () => this.#line(), url: this.#hop.url.href, ms: endedMs - beganMs, status, headers, body, limitBytes: this.#desk.bodyLimitBytes });
    const cause = follows ? (this.#hopsLeft > 0 ? "bad redirect" : "too many redirects") : complaint(reply, expect);
    if (cause !== undefined) return this.#fail("refused", { cause, request: this.#line(), status, body: headOf(reply) }, endedMs);
    this.#desk.context.record.op(step, beganMs, endedMs, "ok");
    this.#reply.resolve(reply);
  }

  #fail(outcome: "refused" | "unsure", seen: Failure, endedMs = this.#desk.context.clock.now()): void {
    const failure = maskFailure(seen, this.#secrets());
    let error: unknown = new TouchFailed(outcome, failure);
    try {
      this.#settle();
      this.#desk.context.record.op(this.#ask.step, this.#ask.beganMs, endedMs, outcome, failure);
    } catch (ofRecorder) {
      // A time-out or a cut has nobody above it who would catch.
      error = ofRecorder;
    }
    this.#reject(error);
  }

  #settle(): void {
    this.#cancelTimeout?.();
    this.#desk.underWay.delete(this);
  }

  #reject(error: unknown): void {
    this.#settle();
    this.#reply.reject(error);
    unread(this.#reply.promise);
  }

  /** The logins that this touch sent, on its first hop or its last, and the session's cookies. */
  #secrets(): string[] {
    return [...secretsIn(this.#ask.hop.headers), ...secretsIn(this.#hop.headers), ...this.#desk.jar.values()];
  }

  /** The request line, without secrets; the address in full where a redirect led elsewhere. */
  #line(): string {
    const { method, url } = this.#hop;
    const origin = url.origin === this.#ask.hop.url.origin ? "" : url.origin;
    return `${method} ${origin}${url.pathname}${maskQuery(url.search)}`.slice(0, longestLine);
  }
}

/** A journey may leave a rejection unread: that must not end the process, which may have harm to heal. */
export function unread<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => {});
  return promise;
}
