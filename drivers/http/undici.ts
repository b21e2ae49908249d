import type { Readable } from "node:stream";
import type { buildConnector, Dispatcher } from "undici";
import { problem } from "../../src/units/errors.ts";
import type { Clock } from "../../src/units/clock.ts";
import { Line, Pool, type Passenger } from "./connections.ts";
import { isRepeatable, isSource, type Engine, type EngineSettings, type Hearer, type Loss, type Outgoing, type Ride, type Source } from "./engine.ts";
import { ReplyHeaders } from "./headers.ts";
import { lossOf } from "./loss.ts";
import { namesOf } from "./names.ts";
import type { Marks, Way } from "./timings.ts";

/** HTTP/1.1 over undici, one undici client a connection, so that each request's fate is known. */
export async function undiciEngine(settings: EngineSettings, clock: Clock): Promise<Engine> {
  const undici = await import("undici");
  const { insecure = false, ...trust } = settings.tls;
  const connect = undici.buildConnector({
    // Time-outs are the session's, by its own clock.
    timeout: 0,
    allowH2: false,
    rejectUnauthorized: !insecure,
    lookup: namesOf(clock).lookup(settings.dnsTtlMs),
    ...trust,
  } as buildConnector.BuildOptions);
  const pools = new Map<string, Pool>();
  const make = (origin: string) => new Line(origin, settings, undici.Client, connect, clock);

  return {
    dispatch(request, hearer) {
      if (request.continueMs !== undefined && request.body !== undefined) {
        throw problem("SEA_HTTP_SETTING", { setting: "engine", value: "undici", form: '"wire", for expectContinue' }, "expectContinue");
      }
      let pool = pools.get(request.origin);
      if (!pool) pools.set(request.origin, (pool = new Pool(settings, () => make(request.origin))));
      const flight = new Flight(request, settings.bodyLimitBytes, clock, pool, hearer);
      pool.take(flight);
      return flight;
    },
    async close() {
      await Promise.all([...pools.values()].map((pool) => pool.close()));
    },
  };
}

/** One request on its way. */
class Flight implements Dispatcher.DispatchHandler, Passenger, Ride {
  readonly #request: Outgoing;
  readonly #bodyLimitBytes: number;
  readonly #clock: Clock;
  readonly #pool: Pool;
  #marks: Marks = { boardedMs: undefined, way: undefined, sentMs: undefined, heardMs: undefined };
  readonly #hearer: Hearer;
  #line: Line | undefined;
  #over = false;
  #sent = false;
  #stale = false;
  /** How it was lost on a connection that was closing, before it was sent once more. */
  #lost: Loss | undefined;
  #answering = false;
  /** Why the body could not be read any more. */
  #broken: string | undefined;
  #status = 0;
  #headers: string[] = [];
  #chunks: Uint8Array[] = [];
  #bytes = 0;

  constructor(request: Outgoing, bodyLimitBytes: number, clock: Clock, pool: Pool, hearer: Hearer) {
    this.#request = request;
    this.#bodyLimitBytes = bodyLimitBytes;
    this.#clock = clock;
    this.#pool = pool;
    this.#hearer = hearer;
  }

  board(line: Line): void {
    line.passenger = this;
    this.#marks = { boardedMs: this.#clock.now(), way: undefined, sentMs: undefined, heardMs: undefined };
    this.#line = line;
    const { method, path, headers, cookie, body } = this.#request;
    const flat = cookie === undefined ? [...headers.flat] : [...headers.flat, "cookie", cookie];
    if (isSource(body) && body.lengthBytes !== undefined) flat.push("content-length", String(body.lengthBytes));
    // undici takes whatever can be iterated; its types leave that out.
    const content = isSource(body) ? (this.#read(body) as unknown as Readable) : (body ?? null);
    line.client.dispatch({ method: method as Dispatcher.HttpMethod, path, headers: flat, body: content }, this);
  }

  /** What breaks off here must not pass for a fault of the connection. */
  async *#read(source: Source): AsyncGenerator<Uint8Array> {
    try {
      yield* source.chunks();
    } catch (error) {
      this.#broken = error instanceof Error ? error.message : String(error);
      throw error;
    }
  }

  sees(way: Way): void {
    this.#marks.way = way;
  }

  abandon(): Marks {
    if (!this.#over) {
      this.#over = true;
      if (this.#line) this.#pool.drop(this.#line);
      else this.#pool.forget(this);
    }
    return this.#marks;
  }

  onRequestStart(): void {
    this.#sent = true;
    // undici does not tell when the last byte left.
    this.#marks.sentMs = this.#clock.now();
    this.#stale = this.#line!.used;
  }

  onResponseStarted(): void {
    this.#answering = true;
    this.#marks.heardMs ??= this.#clock.now();
  }

  onResponseStart(controller: Dispatcher.DispatchController, status: number): void {
    if (status < 200) return;
    this.#status = status;
    this.#headers = (controller.rawHeaders as Buffer[]).map((part) => part.toString("latin1"));
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#over) return;
    this.#chunks.push(chunk);
    this.#bytes += chunk.length;
    if (this.#bytes > this.#bodyLimitBytes) this.#lose({ loss: "too large", error: `more than ${this.#bodyLimitBytes} bytes` });
  }

  onResponseEnd(): void {
    if (this.#over) return;
    this.#over = true;
    const line = this.#line!;
    line.used = true;
    this.#pool.free(line);
    const headers = this.#headers;
    this.#hearer.hear({ status: this.#status, headers: new ReplyHeaders(() => headers), body: this.#body(), marks: this.#marks });
  }

  onResponseError(_controller: unknown, error: Error): void {
    if (this.#over) return;
    if (this.#broken !== undefined) return this.#lose({ loss: "upload", error: this.#broken });
    const loss = lossOf(error, { reached: this.#line!.reached, sent: this.#sent, answering: this.#answering, headed: this.#status > 0 });
    if (loss.loss === "reset" && this.#stale && isRepeatable(this.#request)) return this.#again(loss);
    // The first time it was sent, and may have been acted on, whatever kept it from leaving again.
    this.#lose(this.#sent ? loss : (this.#lost ?? loss));
  }

  /** Only ever once: a fresh connection is never stale. */
  #again(loss: Loss): void {
    this.#lost = loss;
    this.#sent = this.#stale = false;
    this.#pool.replace(this.#line!, this);
  }

  #lose(loss: Loss): void {
    this.#over = true;
    this.#pool.drop(this.#line!);
    const headers = this.#headers;
    this.#hearer.hear({ ...loss, marks: this.#marks, ...(this.#status > 0 && { status: this.#status, headers: new ReplyHeaders(() => headers), body: this.#body() }) });
  }

  #body(): Uint8Array {
    return this.#chunks.length === 1 ? this.#chunks[0]! : Buffer.concat(this.#chunks, this.#bytes);
  }
}
