import type { buildConnector, Dispatcher } from "undici";
import type { Clock } from "../../src/units/clock.ts";
import { Line, Pool, type Passenger } from "./connections.ts";
import { isIdempotent, type Engine, type EngineSettings, type Incoming, type Loss, type Outgoing } from "./engine.ts";
import { ReplyHeaders } from "./headers.ts";
import { lossOf } from "./loss.ts";
import { namesOf } from "./names.ts";

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
  const make = (origin: string) => new Line(origin, settings, undici.Client, connect);

  return {
    dispatch(request, done) {
      let pool = pools.get(request.origin);
      if (!pool) pools.set(request.origin, (pool = new Pool(settings, () => make(request.origin))));
      const flight = new Flight(request, settings.bodyLimitBytes, pool, done);
      pool.take(flight);
      return () => flight.abandon();
    },
    async close() {
      await Promise.all([...pools.values()].map((pool) => pool.close()));
    },
  };
}

/** One request on its way. */
class Flight implements Dispatcher.DispatchHandler, Passenger {
  readonly #request: Outgoing;
  readonly #bodyLimitBytes: number;
  readonly #pool: Pool;
  readonly #done: (ended: Incoming | Loss) => void;
  #line: Line | undefined;
  #over = false;
  #sent = false;
  #stale = false;
  /** How it was lost on a connection that was closing, before it was sent once more. */
  #lost: Loss | undefined;
  #answering = false;
  #status = 0;
  #headers: string[] = [];
  #chunks: Uint8Array[] = [];
  #bytes = 0;

  constructor(request: Outgoing, bodyLimitBytes: number, pool: Pool, done: (ended: Incoming | Loss) => void) {
    this.#request = request;
    this.#bodyLimitBytes = bodyLimitBytes;
    this.#pool = pool;
    this.#done = done;
  }

  board(line: Line): void {
    line.passenger = this;
    this.#line = line;
    const { method, path, headers, cookie, body } = this.#request;
    const flat = cookie === undefined ? [...headers.flat] : [...headers.flat, "cookie", cookie];
    line.client.dispatch({ method: method as Dispatcher.HttpMethod, path, headers: flat, body: body ?? null }, this);
  }

  abandon(): void {
    if (this.#over) return;
    this.#over = true;
    if (this.#line) this.#pool.drop(this.#line);
    else this.#pool.forget(this);
  }

  onRequestStart(): void {
    this.#sent = true;
    this.#stale = this.#line!.used;
  }

  onResponseStarted(): void {
    this.#answering = true;
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
    this.#done({ status: this.#status, headers: new ReplyHeaders(() => headers), body: this.#body() });
  }

  onResponseError(_controller: unknown, error: Error): void {
    if (this.#over) return;
    const loss = lossOf(error, { reached: this.#line!.reached, sent: this.#sent, answering: this.#answering, headed: this.#status > 0 });
    if (loss.loss === "reset" && this.#stale && isIdempotent(this.#request.method)) return this.#again(loss);
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
    this.#done(this.#status > 0 ? { ...loss, status: this.#status, body: this.#body() } : loss);
  }

  #body(): Uint8Array {
    return this.#chunks.length === 1 ? this.#chunks[0]! : Buffer.concat(this.#chunks, this.#bytes);
  }
}
