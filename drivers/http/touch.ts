import type { OpenContext } from "../../src/model/driver.ts";
import { secretsIn } from "../../src/mask/values.ts";
import { cutCause, TouchFailed, type Failure } from "../../src/model/op.ts";
import { isSource, lossOutcome, type Engine, type Hearer, type Incoming, type Loss, type Outgoing, type Ride } from "./engine.ts";
import type { Jar } from "./cookies.ts";
import { saveEvidence } from "./evidence.ts";
import { complaint, type Expect } from "./expect.ts";
import type { Patience, Waiter } from "./patience.ts";
import { isRedirect, nextHop, type Hop } from "./redirect.ts";
import { headOf, Reply, type Asked } from "./reply.ts";
import { recordParts, sayProgress, timingsOf, type Leg, type Marks, type Timings } from "./timings.ts";
import type { Answer, Exchange } from "./transcript.ts";

/** What the touches of one session share. */
export interface Desk {
  readonly context: OpenContext;
  readonly engine: Engine;
  readonly patience: Patience;
  readonly jar: Jar;
  readonly bodyLimitBytes: number;
  /** Where the time went is recorded, too. */
  readonly timings: boolean;
  /** How much of each body is evidence of a failure; undefined for no evidence. */
  readonly evidenceBytes: number | undefined;
  readonly underWay: Touch[];
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

/** A hop that led elsewhere. */
interface Led extends Leg {
  readonly exchange: Exchange;
}

const longestLine = 300;
const none: readonly Led[] = [];

/** What a promise gives its maker, taken from it at once: a closure for each touch would be thrown away each time. */
let resolveKept: (reply: Reply) => void;
let rejectKept: (error: unknown) => void;
const keep = (resolve: (reply: Reply) => void, reject: (error: unknown) => void): void => {
  resolveKept = resolve;
  rejectKept = reject;
};

/** From the first hop to the record: one op, however many redirects it takes. */
export class Touch implements Waiter, Asked, Hearer {
  untilMs = 0;
  before: Waiter | undefined;
  behind: Waiter | undefined;
  readonly #desk: Desk;
  readonly #ask: Ask;
  readonly #reply: Promise<Reply>;
  readonly #resolve: (reply: Reply) => void;
  readonly #refuse: (error: unknown) => void;
  /** Where it stands among those under way; -1 once it has ended. */
  #place = -1;
  #hop: Hop;
  #hopsLeft: number;
  #ride: Ride | undefined;
  /** The hops that led elsewhere. */
  #past: readonly Led[] = none;
  /** As the latest hop went out. */
  #sent: Outgoing | undefined;
  #endedMs = 0;
  #marks: Marks | undefined;

  constructor(desk: Desk, ask: Ask) {
    this.#desk = desk;
    this.#ask = ask;
    this.#hop = ask.hop;
    this.#hopsLeft = ask.redirects;
    this.#reply = new Promise<Reply>(keep);
    this.#resolve = resolveKept;
    this.#refuse = rejectKept;
  }

  begin(): Promise<Reply> {
    if (this.#desk.cut) {
      this.cut();
    } else {
      this.#place = this.#desk.underWay.push(this) - 1;
      this.#desk.patience.begin(this, this.#ask.beganMs, this.#ask.timeoutMs);
      try {
        this.#send();
      } catch (error) {
        this.#reject(error);
      }
    }
    return this.#reply;
  }

  cut(): void {
    this.#stop(cutCause);
  }

  late(): void {
    this.#stop("timeout");
  }

  #stop(cause: string): void {
    const sent = this.#ride !== undefined;
    this.#marks = this.#ride?.abandon();
    const endedMs = this.#desk.context.clock.now();
    this.#fail("unsure", { cause, request: this.#line(), ...(sent && { spent: this.#spent(endedMs) }) }, endedMs);
  }

  /** The hop under way. */
  #leg(endedMs: number): Leg {
    const beganMs = this.#past.length === 0 ? this.#ask.beganMs : this.#past.at(-1)!.endedMs;
    return { beganMs, endedMs, marks: this.#marks };
  }

  #legs(endedMs: number): readonly Leg[] {
    return [...this.#past, this.#leg(endedMs)];
  }

  #spent(endedMs: number): string {
    return sayProgress(this.#legs(endedMs));
  }

  get timings(): Timings {
    return timingsOf(this.#legs(this.#endedMs));
  }

  #send(): void {
    this.#ride = this.#desk.engine.dispatch((this.#sent = outgoing(this.#hop, this.#desk.jar)), this);
  }

  hear(ended: Incoming | Loss): void {
    try {
      if ("loss" in ended) this.#lost(ended);
      else this.#answered(ended);
    } catch (error) {
      this.#reject(error);
    }
  }

  #lost({ loss, error, status, headers, body, marks }: Loss): void {
    const endedMs = this.#desk.context.clock.now();
    this.#marks = marks;
    // A hop before this one was answered, so that something may have been done.
    this.#fail(this.#past.length > 0 ? "unsure" : lossOutcome[loss], {
      cause: loss,
      request: this.#line(),
      error,
      spent: this.#spent(endedMs),
      ...(status === undefined ? {} : { status }),
      ...(body === undefined ? {} : { body: new TextDecoder().decode(body.subarray(0, 512)) }),
    }, endedMs, status !== undefined && headers ? { status, headers, body: body ?? new Uint8Array() } : undefined);
  }

  #answered(answer: Incoming): void {
    const { status, headers } = answer;
    const endedMs = (this.#endedMs = this.#desk.context.clock.now());
    this.#marks = answer.marks;
    this.#desk.jar.store(this.#hop.address.url, headers.cookies);
    const location = isRedirect(status) && this.#ask.redirects > 0 ? headers.get("location") : undefined;
    const follows = location !== undefined;
    const next = follows && this.#hopsLeft > 0 ? nextHop(this.#hop, status, location) : undefined;
    const broken = next && isSource(next.body) && !next.body.readable;
    if (next && !broken) {
      this.#past = [...this.#past, { ...this.#leg(endedMs), exchange: this.#exchange(this.#sent!, answer) }];
      this.#hop = next;
      this.#hopsLeft--;
      return this.#send();
    }
    // Before the journey's own code judges: nothing may end this touch a second time.
    this.#settle();
    const { step, beganMs, expect } = this.#ask;
    const reply = new Reply(this, answer, endedMs - beganMs, this.#desk.bodyLimitBytes);
    const cause = follows ? (broken ? "redirect of a stream" : this.#hopsLeft > 0 ? "bad redirect" : "too many redirects") : complaint(reply, expect);
    if (cause !== undefined) return this.#fail("refused", { cause, request: this.#line(), status, body: headOf(reply) }, endedMs, answer);
    this.#desk.context.record.op(step, beganMs, endedMs, "ok");
    if (this.#desk.timings) recordParts(this.#desk.context.record, this.#ask, this.timings);
    this.#resolve(reply);
  }

  #fail(outcome: "refused" | "unsure", seen: Failure, endedMs: number, answer?: Answer): void {
    const failure = this.#toldOf(seen, answer);
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

  /** A failure as it is recorded and thrown. One that nobody writes down costs no more than to count it. */
  #toldOf(seen: Failure, answer: Answer | undefined): Failure {
    const { context, evidenceBytes, bodyLimitBytes } = this.#desk;
    const { record, mask } = context;
    // What a journey says of an answer is counted as it is masked; every other cause is one of a few words.
    const said = seen.cause.startsWith("expect: ") ? { ...seen, cause: mask.text(seen.cause, this.#secrets()) } : seen;
    const isKept = record.keeps?.(this.#ask.step, said.cause);
    if (isKept === false) return said;
    const secrets = this.#secrets();
    const failure = mask.failure(said, secrets);
    if (!isKept || evidenceBytes === undefined) return failure;
    const about = { ...failure, step: this.#ask.step, beganMs: this.#ask.beganMs };
    const artifacts = saveEvidence(context, about, this.exchanges(answer), secrets, { bodyBytes: evidenceBytes, unpackedBytes: bodyLimitBytes });
    return artifacts.length > 0 ? { ...failure, artifacts } : failure;
  }

  #exchange({ method, headers, cookie, body }: Outgoing, answer: Answer | undefined): Exchange {
    const lines = cookie === undefined ? headers : [...headers, ["cookie", cookie] as const];
    return { method, url: this.#hop.address.url.href, headers: lines, body, answer };
  }

  exchanges(answer: Answer | undefined): readonly Exchange[] {
    const past = this.#past.map(({ exchange }) => exchange);
    return this.#sent ? [...past, this.#exchange(this.#sent, answer)] : past;
  }

  #settle(): void {
    this.#desk.patience.end(this, this.#ask.timeoutMs);
    if (this.#place < 0) return;
    // The last one takes its place: most sessions have one under way, and order is nobody's concern.
    const last = this.#desk.underWay.pop()!;
    if (last !== this) {
      this.#desk.underWay[this.#place] = last;
      last.#place = this.#place;
    }
    this.#place = -1;
  }

  #reject(error: unknown): void {
    this.#settle();
    this.#refuse(error);
    unread(this.#reply);
  }

  /** The logins that this touch sent, on its first hop or its last, and the session's cookies. */
  #secrets(): string[] {
    const { context: { mask }, jar } = this.#desk;
    return [...secretsIn(this.#ask.hop.headers, mask.isSecret), ...secretsIn(this.#hop.headers, mask.isSecret), ...jar.values()];
  }

  get url(): string {
    return this.#hop.address.url.href;
  }

  line(): string {
    return this.#desk.context.mask.text(this.#line(), this.#secrets());
  }

  /** The request line; the address in full where a redirect led elsewhere. */
  #line(): string {
    const { method, address: { url, origin } } = this.#hop;
    const elsewhere = origin === this.#ask.hop.address.origin ? "" : origin;
    return `${method} ${elsewhere}${url.pathname}${url.search}`.slice(0, longestLine);
  }
}

function outgoing({ method, address, headers, body, continueMs }: Hop, jar: Jar): Outgoing {
  const cookie = jar.isEmpty || headers.get("cookie") !== undefined ? undefined : jar.header(address.url);
  const { latest } = address;
  const isPlain = cookie === undefined && body === undefined;
  if (isPlain && latest?.headers === headers && latest.method === method) return latest;
  const made: Outgoing = { method, origin: address.origin, path: address.target, headers, cookie, body, continueMs };
  if (isPlain) address.latest = made;
  return made;
}

/** A journey may leave a rejection unread: that must not end the process, which may have harm to heal. */
export function unread<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => {});
  return promise;
}
