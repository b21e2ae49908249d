import { Agent as HttpAgent, request as httpRequest, type ClientRequest, type IncomingMessage, type RequestOptions } from "node:http";
import { Agent as HttpsAgent, request as httpsRequest } from "node:https";
import type { Clock } from "../../../src/units/clock.ts";
import { problem, SeatrialError } from "../../../src/units/errors.ts";
import type { Call } from "./api.ts";
import type { Known } from "./config.ts";
import { callText, noAnswer, refusal, statusOf } from "./failure.ts";
import { PluginCredentials } from "./plugin.ts";

/** Everything that a call says, beside its path. */
export interface Request {
  readonly method: "GET" | "POST" | "PATCH" | "DELETE";
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>;
  readonly body?: unknown;
  /** Default `application/json`. */
  readonly type?: string;
  /** What it is to access rules, for errors. */
  readonly call: Call;
}

export interface Answer {
  readonly status: number;
  readonly body: string;
  readonly retryAfterMs: number | undefined;
}

/** Where a context is read: again, after its credentials were refused. */
export type Source = () => Promise<Known>;

/** A call that has no answer by then never gets one. */
const patienceMs = 30_000;
/** A server that is busy is asked again so often, and never waited for longer than this in one go. */
const mostTries = 5;
const longestWaitMs = 5_000;
/** A page of 500 large objects has some megabytes. */
const mostBytes = 100_000_000;

const isHttps = (url: URL) => url.protocol === "https:";

/** What a call needs of address, TLS and credentials. */
interface Way {
  readonly url: URL;
  readonly options: RequestOptions;
}

interface Login {
  readonly known: Known;
  readonly plugin: PluginCredentials | undefined;
}

/** The way to one API server: connections kept alive, credentials renewed, busy servers asked again. */
export class Connection {
  readonly #source: Source;
  readonly #clock: Clock;
  /** Calls that never end keep their sockets, and must not stand in the way of others. */
  readonly #agents = {
    short: { http: new HttpAgent({ keepAlive: true, maxSockets: 32 }), https: new HttpsAgent({ keepAlive: true, maxSockets: 32 }) },
    endless: { http: new HttpAgent(), https: new HttpsAgent() },
  };
  #login: Login;
  #renewing: Promise<void> | undefined;

  private constructor(source: Source, clock: Clock, known: Known) {
    this.#source = source;
    this.#clock = clock;
    this.#login = this.#loginOf(known);
  }

  static async to(source: Source, clock: Clock): Promise<Connection> {
    return new Connection(source, clock, await source());
  }

  get known(): Known {
    return this.#login.known;
  }

  #loginOf(known: Known): Login {
    return { known, plugin: known.plugin && new PluginCredentials(known, known.plugin, this.#clock) };
  }

  /** Reads the context and its credentials anew; calls that were refused together wait for one. */
  #renew(refused: Login): Promise<void> {
    if (this.#login !== refused) return Promise.resolve();
    this.#renewing ??= this.#source().then((known) => void (this.#login = this.#loginOf(known))).finally(() => (this.#renewing = undefined));
    return this.#renewing;
  }

  /** Credentials may take a program of their own: they have their own patience. */
  async #way({ known, plugin }: Login, { path, query }: Pick<Request, "path" | "query">, isEndless = false): Promise<Way> {
    const url = new URL(known.server.server);
    url.pathname = url.pathname.replace(/\/$/, "") + path;
    for (const [name, value] of Object.entries(query ?? {})) if (value !== undefined) url.searchParams.append(name, String(value));
    const options: RequestOptions & { key?: string; cert?: string; headers: Record<string, string> } = { headers: {} };
    try {
      await known.config.applyToHTTPSOptions(options);
    } catch (cause) {
      throw problem("SEA_KUBE_CONFIG", { file: known.source, why: (cause as Error).message }, "kubernetes.context", cause);
    }
    if (known.server.proxyUrl === undefined) options.agent = this.#agents[isEndless ? "endless" : "short"][isHttps(url) ? "https" : "http"];
    const given = await plugin?.get();
    if (given?.token) options.headers["Authorization"] = `Bearer ${given.token}`;
    if (given?.cert && given.key) Object.assign(options, { cert: given.cert, key: given.key });
    return { url, options };
  }

  /**
   * One call and its whole answer, whatever its status.
   *
   * @throws SEA_KUBE_UNREACHABLE, SEA_KUBE_TLS, SEA_KUBE_TIMEOUT, SEA_KUBE_CREDENTIALS
   */
  async ask(request: Request, settings: { readonly patienceMs?: number; readonly signal?: AbortSignal | undefined } = {}): Promise<Answer> {
    const login = this.#login;
    const answer = await this.#once(login, request, settings);
    if (answer.status !== 401) return answer;
    await this.#renew(login);
    return this.#once(this.#login, request, settings);
  }

  /** As `ask`; a status of 400 or more throws, but those of `expect`, and a busy server is asked again. */
  async call(request: Request, settings: { readonly signal?: AbortSignal | undefined; readonly expect?: readonly number[] } = {}): Promise<Answer> {
    for (let tries = 1; ; tries++) {
      const answer = await this.ask(request, settings);
      if (answer.status < 400 || settings.expect?.includes(answer.status)) return answer;
      const waitMs = answer.retryAfterMs ?? (answer.status === 503 ? 1_000 : undefined);
      if ((answer.status !== 429 && answer.status !== 503) || waitMs === undefined || tries === mostTries) throw refusal(this.known, request.call, answer.status, answer.body);
      await this.#clock.sleep(Math.min(waitMs, longestWaitMs), settings.signal);
    }
  }

  async #once(login: Login, request: Request, { patienceMs: waitMs = patienceMs, signal }: { readonly patienceMs?: number; readonly signal?: AbortSignal | undefined }): Promise<Answer> {
    const way = await this.#way(login, request);
    const late = new AbortController();
    const done = new AbortController();
    this.#clock.sleep(waitMs, done.signal).then(() => late.abort(this.#late(login, request, waitMs)), () => undefined);
    try {
      const both = signal ? AbortSignal.any([signal, late.signal]) : late.signal;
      const response = await sendAgain(way, request, both);
      const body = await textOf(response, both);
      return { status: response.statusCode ?? 0, body, retryAfterMs: retryAfterMs(response, body) };
    } catch (error) {
      if (late.signal.aborted) throw late.signal.reason;
      signal?.throwIfAborted();
      throw noAnswer(login.known, error as Error);
    } finally {
      done.abort();
    }
  }

  #late = ({ known }: Login, { call }: Request, waitMs: number) => problem("SEA_KUBE_TIMEOUT", { call: callText(call), context: known.context, server: known.server.server, after: `${waitMs / 1_000} s` });

  /**
   * A call whose answer has no end: resolves with its head, also that of a 410.
   *
   * @throws as `call`, also for any other status of 400 or more
   */
  async stream(request: Request, signal: AbortSignal): Promise<IncomingMessage> {
    for (let tries = 1; ; tries++) {
      const login = this.#login;
      const way = await this.#way(login, request, true);
      const waited = new AbortController();
      const late = new AbortController();
      this.#clock.sleep(patienceMs, waited.signal).then(() => late.abort(this.#late(login, request, patienceMs)), () => undefined);
      const both = AbortSignal.any([signal, late.signal]);
      try {
        const response = await sendAgain(way, request, both);
        const { statusCode = 0 } = response;
        if (statusCode < 400 || statusCode === 410) return response;
        const body = await textOf(response, both);
        if (statusCode !== 401 || tries > 1) throw refusal(login.known, request.call, statusCode, body);
      } catch (error) {
        signal.throwIfAborted();
        if (late.signal.aborted) throw late.signal.reason;
        throw error instanceof SeatrialError ? error : noAnswer(login.known, error as Error);
      } finally {
        waited.abort();
      }
      await this.#renew(login);
    }
  }

  /** Address and options for a WebSocket, with the credentials as they are now. */
  async socket(path: string, query: readonly (readonly [string, string])[]): Promise<Way> {
    const { url, options } = await this.#way(this.#login, { path }, true);
    for (const [name, value] of query) url.searchParams.append(name, value);
    url.protocol = isHttps(url) ? "wss:" : "ws:";
    return { url, options };
  }

  /** After the server refused them. */
  renew(): Promise<void> {
    return this.#renew(this.#login);
  }

  close(): void {
    for (const { http, https } of Object.values(this.#agents)) {
      http.destroy();
      https.destroy();
    }
  }
}

/** Sends it, and once more where a connection that was kept alive turned out to be closed. */
async function sendAgain(way: Way, request: Request, signal: AbortSignal): Promise<IncomingMessage> {
  try {
    return await send(way, request, signal);
  } catch (error) {
    const { code, reused } = error as { code?: string; reused?: boolean };
    if (signal.aborted || !reused || request.method === "POST" || (code !== "ECONNRESET" && code !== "EPIPE")) throw error;
    return send(way, request, signal);
  }
}

function send({ url, options }: Way, { method, body, type = "application/json" }: Request, signal: AbortSignal): Promise<IncomingMessage> {
  const text = body === undefined ? undefined : JSON.stringify(body);
  const headers = { ...(options.headers as Record<string, string>), accept: "application/json", "user-agent": "seatrial", ...(text !== undefined && { "content-type": type, "content-length": String(Buffer.byteLength(text)) }) };
  return new Promise((resolve, reject) => {
    const sent: ClientRequest = (isHttps(url) ? httpsRequest : httpRequest)(url, { ...options, method, headers, signal }, resolve);
    sent.on("error", (error) => reject(Object.assign(error, { reused: sent.reusedSocket })));
    sent.end(text);
  });
}

async function textOf(response: IncomingMessage, signal: AbortSignal): Promise<string> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of response as AsyncIterable<Buffer>) {
    signal.throwIfAborted();
    bytes += part.length;
    if (bytes > mostBytes) throw new Error(`an answer of more than ${mostBytes / 1_000_000} MB`);
    parts.push(part);
  }
  return Buffer.concat(parts).toString("utf8");
}

function retryAfterMs({ headers, statusCode }: IncomingMessage, body: string): number | undefined {
  if ((statusCode ?? 0) < 400) return undefined;
  const seconds = Number(headers["retry-after"] ?? statusOf(body).details?.retryAfterSeconds);
  return Number.isFinite(seconds) && seconds >= 0 ? seconds * 1_000 : undefined;
}
