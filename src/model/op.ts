/**
 * What became of one touch. `unsure` means it may have happened: a time-out, or a connection
 * that broke after the request was sent.
 */
export type Outcome = "ok" | "refused" | "unsure";

/** A file of evidence, as a failure names it. */
export interface Artifact {
  /** What it is, for people: `"screenshot"`, `"request and response"`. */
  readonly name: string;
  /** As `Artifacts.save` answered it: relative to the ledger's folder, with `/`. */
  readonly path: string;
  /** Its media type: `"image/png"`. */
  readonly type: string;
}

/** Why a touch was not `ok`. Bounded by the recorder before it reaches the ledger. */
export interface Failure {
  /** Short and countable, the same for every failure of one kind: `"status 503"`, `"refused"`, `"reset"`, `"timeout"`, `"check: has items"`. */
  readonly cause: string;
  /** What was asked, on one line: `"GET /items/rope"`. */
  readonly request?: string;
  readonly status?: number;
  /** The first bytes of the answer. */
  readonly body?: string;
  /** The code or message of the error underneath. */
  readonly error?: string;
  /** Where its time went, as far as it came: `"connect 3ms, waiting 4.997s"`. */
  readonly spent?: string;
  /** Files beside the ledger that show more of it; the first eight are kept. */
  readonly artifacts?: readonly Artifact[];
}

/**
 * Where the time of a request goes, in order: waiting for a connection, its name's address, the connection (through
 * proxies, too), TLS, the request, the service, the answer.
 */
export const parts = ["blocked", "dns", "connect", "tls", "sending", "waiting", "receiving"] as const;
export type Part = (typeof parts)[number];
export const isPart = (text: string): text is Part => (parts as readonly string[]).includes(text);

/** The cause that a driver gives when the run itself cut the touch short; it is counted as cut, never as an error. */
export const cutCause = "cut";

/**
 * Causes that a driver gives when the generator itself had nothing left to begin the touch with, each
 * with its row of the catalogue. They are counted, but as no error of the service: the verdict is unsure.
 */
export const lackCauses = { "no descriptors": "SEA_SELF_DESCRIPTORS", "no ports": "SEA_SELF_PORTS", "no browser": "SEA_SELF_BROWSERS", "no device": "SEA_SELF_DEVICES" } as const;
export type LackCause = keyof typeof lackCauses;
export const isLack = (cause: string): cause is LackCause => Object.hasOwn(lackCauses, cause);

/**
 * Where a session writes its touches down. One recorder belongs to one user; a call costs no
 * allocation on the good path.
 */
export interface Recorder {
  /**
   * Records one touch. Times are milliseconds of the run's clock. When the touch was *due* is
   * known to the recorder: the start that the pace fixed, or the end of the think time before it.
   */
  op(step: string, beganMs: number, endedMs: number, outcome: Outcome, failure?: Failure): void;
  /**
   * Would a failure of this cause be written down as it was? Only the first few of each are: ask before
   * gathering evidence that costs. Absent where nothing is kept.
   */
  keeps?(step: string, cause: string): boolean;
  /**
   * Counts touches that somebody else made and only summed up, by when they began: without latencies, so a budget on
   * latency that would rest on them is unsure. Absent where nobody keeps it.
   */
  tally?(step: string, beganMs: number, outcome: Outcome, count: number, failure?: Failure): void;
  /**
   * Says that what was due has begun. Touches that somebody else begins from now on, such as the cases of a suite, are due
   * as they begin; the time until the first is nobody's latency. Absent where nothing is due.
   */
  begun?(): void;
  /**
   * Records where some of a touch's time went, for drivers that were told to: in no count, budget or sum, and shown
   * apart. Said right after the touch; absent where nobody keeps it.
   */
  part?(step: string, part: Part, beganMs: number, ms: number): void;
  /**
   * Records a time in ms that a driver learned and that is no touch, as `user.measure` does; in no group, for it may
   * be told long after it was.
   */
  learned(name: string, ms: number): void;
}

/**
 * Thrown into the journey when a touch failed and was recorded as such: the walk ends, and nobody
 * takes it for a mistake in the journey's own code.
 */
export class TouchFailed extends Error {
  readonly outcome: "refused" | "unsure";
  readonly failure: Failure;
  constructor(outcome: "refused" | "unsure", failure: Failure) {
    super(`${failure.request ?? "touch"}: ${failure.cause}`);
    this.name = "TouchFailed";
    this.outcome = outcome;
    this.failure = failure;
  }
}
