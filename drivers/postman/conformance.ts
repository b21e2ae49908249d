import { createRequire } from "node:module";
import { Agent } from "node:http";
import { Agent as SecureAgent } from "node:https";
import type { Driver, OpenContext } from "../../src/model/driver.ts";
import { cutCause, TouchFailed, type Failure } from "../../src/model/op.ts";
import { problem } from "../../src/units/errors.ts";
import { durationMs } from "../../src/units/duration.ts";
import { listed } from "./compile.ts";
import { secretsIn } from "../../src/mask/values.ts";
import { saveEvidence } from "../http/evidence.ts";
import { evidenceBytes } from "../http/settings.ts";
import type { Exchange } from "../http/transcript.ts";
import { keepSecrets } from "./evidence.ts";
import { stepsOf } from "./read/steps.ts";
import type { Row } from "./read/rows.ts";
import { loadNewman, type Emitter, type Newman, type NewmanRequest, type NewmanResponse } from "./newman.ts";
import type { PostmanSession } from "./session.ts";
import type { Settings } from "./settings.ts";

const require = createRequire(import.meta.url);
const mostBody = 512;

/** A driver that has Newman run the collection, and writes down each of its events. */
export function conformanceDriver(settings: Settings): Driver<PostmanSession> {
  const steps = stepsOf(settings.collection, settings.folder);
  const foreign = steps.filter(({ request }) => /-request$/.test(request.method ?? ""));
  if (foreign.length > 0) throw problem("SEA_POSTMAN_CONFORMANCE", listed(foreign.map(({ path, name, request }) => `${[...path, name].join(" › ")}: ${request.method}`)), settings.collection.file);
  for (const name of Object.keys(settings.http)) if (name !== "timeout" && name !== "tls" && name !== "evidence") throw problem("SEA_POSTMAN_SETTING", { setting: `http.${name}`, value: "…", form: "it in load mode: Newman's own connections have no such thing" }, "postman.http");
  try {
    require.resolve("newman");
  } catch (cause) {
    throw problem("SEA_POSTMAN_PACKAGE", { what: "conformance mode", package: "newman", install: "newman@6" }, undefined, cause);
  }
  return Object.freeze({
    kind: "postman",
    service: settings.service,
    prepare: async () => void loadNewman(),
    async open(context: OpenContext): Promise<PostmanSession> {
      if (context.simulated) throw problem("SEA_POSTMAN_REHEARSAL", {}, settings.collection.file);
      keepSecrets(context.mask, [...settings.environment, ...settings.globals, ...(settings.collection.shape.variable ?? [])]);
      return new ConformanceSession(settings, context, loadNewman().run);
    },
    renew: (session: PostmanSession) => (session as ConformanceSession).renew(),
    close: (session: PostmanSession) => (session as ConformanceSession).close(),
  });
}

class ConformanceSession implements PostmanSession {
  readonly #settings: Settings;
  readonly #context: OpenContext;
  readonly #run: Newman["run"];
  /** Cookies outlive a walk, as they do in Postman; a new visitor has none. */
  #jar: unknown;
  readonly #ends = new Set<() => void>();
  #closed = false;

  constructor(settings: Settings, context: OpenContext, run: Newman["run"]) {
    this.#settings = settings;
    this.#context = context;
    this.#run = run;
    this.renew();
    context.signal.addEventListener("abort", this.#end, { once: true });
  }

  renew(): void {
    this.#jar = (createRequire(require.resolve("newman"))("postman-request") as { jar(): unknown }).jar();
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#context.signal.removeEventListener("abort", this.#end);
    this.#end();
  }

  readonly #end = (): void => {
    for (const end of this.#ends) end();
  };

  async walk(): Promise<void> {
    const { data } = this.#settings;
    // All rows in one run, as Newman has it: a feeder's order is for load.
    await this.#play(data ? await data.rows() : undefined, this.#settings.folder);
  }

  async touch(name: string): Promise<void> {
    const failed = await this.#play(undefined, [name]);
    if (failed) throw failed;
  }

  async #play(rows: readonly Row[] | undefined, folder: readonly string[]): Promise<TouchFailed | undefined> {
    const { collection, environment, globals, iterations, service, serviceVariable, http } = this.#settings;
    const { clock, signal } = this.#context;
    const agents = { http: new Agent({ keepAlive: true }), https: new SecureAgent({ keepAlive: true, ...(http.tls as object) }) };
    const values = service === undefined ? environment : [...environment, { key: serviceVariable, value: addressOf(service, this.#context) }];
    const log = new Log(this.#context, rows, iterations ?? rows?.length ?? 1, evidenceBytes(http.evidence));
    let end = (): void => {};
    const cut = new Promise<"cut">((resolve) => (end = () => resolve("cut")));
    this.#ends.add(end);
    if (signal.aborted || this.#closed) end();
    try {
      let emitter: Emitter | undefined;
      const ran = new Promise<"ran">((resolve, reject) => {
        if (signal.aborted || this.#closed) return;
        emitter = this.#run({
          collection: structuredClone(collection.shape), cookieJar: this.#jar, requestAgents: agents,
          environment: { values: structuredClone(values) }, globals: { values: structuredClone(globals) },
          ...(rows && { iterationData: structuredClone(rows) }), ...(iterations !== undefined && { iterationCount: iterations }),
          ...(folder.length > 0 && { folder: folder.length === 1 ? folder[0] : [...folder] }),
          ...(http.timeout !== undefined && { timeoutRequest: durationMs(http.timeout, "postman.http.timeout") }), ...(http.tls?.insecure && { insecure: true }),
          reporters: [], color: "off",
        }, (error) => (error ? reject(error) : resolve("ran")));
        log.listen(emitter);
      });
      // A run that was given up ends some time later, and nobody listens any more.
      ran.catch(() => {});
      if ((await Promise.race([ran, cut])) === "cut") {
        log.abort();
        log.cut(clock.now());
        throw new TouchFailed("unsure", { cause: cutCause });
      }
      return log.failed;
    } finally {
      this.#ends.delete(end);
      agents.http.destroy();
      agents.https.destroy();
    }
  }
}

function addressOf(service: string, context: OpenContext): string {
  const address = context.service(service);
  if (address === undefined) throw problem("SEA_HTTP_SERVICE", { service }, "postman.service");
  return address.replace(/\/$/, "");
}

/** Writes a run of Newman down: each request, each assertion and each script that broke is an op of its own. */
class Log {
  readonly #context: OpenContext;
  readonly #rows: readonly Row[] | undefined;
  readonly #iterations: number;
  readonly #bodyBytes: number | undefined;
  failed: TouchFailed | undefined;
  /** What the item of the moment is called: later events know it without the folders around it. */
  #step = "run";
  /** The request under way. */
  #under: { readonly step: string; readonly beganMs: number } | undefined;
  /** What a failing assertion was about. */
  #evidence: { readonly request?: string; readonly status?: number; readonly body?: string } = {};
  #exchange: Exchange | undefined;
  #secrets: readonly string[] = [];
  #over = false;
  #abort: (() => void) | undefined;

  constructor(context: OpenContext, rows: readonly Row[] | undefined, iterations: number, bodyBytes: number | undefined) {
    this.#context = context;
    this.#bodyBytes = bodyBytes;
    this.#rows = rows;
    this.#iterations = iterations;
  }

  listen(emitter: Emitter): void {
    emitter.on("start", (_, { run }) => (this.#abort = () => run?.abort?.()));
    emitter.on("beforeItem", (_, { cursor, item }) => {
      this.#step = this.#stepOf(cursor, item);
      this.#evidence = {};
      this.#exchange = undefined;
    });
    emitter.on("beforeRequest", () => (this.#under = { step: this.#step, beganMs: this.#context.clock.now() }));
    emitter.on("request", (error, { request, response }) => {
      const step = this.#step;
      const { beganMs = this.#context.clock.now() } = this.#under ?? {};
      this.#under = undefined;
      this.#evidence = evidenceOf(request, response);
      this.#exchange = request && exchangeOf(request, response);
      this.#secrets = request ? secretsIn(request.headers.map(({ key, value }) => [key.toLowerCase(), value] as const), this.#context.mask.isSecret) : [];
      this.#write(step, beganMs, error && { cause: causeOf(error), error: error.message ?? String(error) });
    });
    emitter.on("assertion", (error, { assertion, skipped }) => {
      if (!skipped) this.#write(`${this.#step} › ${assertion}`, undefined, error && { cause: `check: ${assertion}`, error: error.message ?? "" });
    });
    for (const kind of ["prerequest", "test"] as const) {
      emitter.on(kind === "test" ? "testScript" : "prerequestScript", (error) => {
        if (error) this.#write(`${this.#step} › ${kind} script`, undefined, { cause: `script: ${error.name ?? "Error"}`, error: error.message ?? "" });
      });
    }
  }

  abort(): void {
    this.#abort?.();
  }

  /** What was under way at a cut did not end. */
  cut(nowMs: number): void {
    const { step, beganMs } = this.#under ?? { step: "run", beganMs: nowMs };
    this.#context.record.op(step, beganMs, nowMs, "unsure", { cause: cutCause });
    this.#over = true;
  }

  /** Iterations keep their number, and rows their first value: of two that are alike in a report one would be lost. */
  #stepOf(cursor: { readonly iteration: number }, item: { readonly name: string; parent?(): unknown }): string {
    const path: string[] = [item.name];
    for (let up = item.parent?.() as Parent | undefined; up?.parent?.() !== undefined; up = up.parent?.() as Parent) path.unshift(up.name);
    if (this.#iterations === 1) return path.join(" › ");
    const [first] = Object.values(this.#rows?.[cursor.iteration] ?? {});
    return [`iteration ${cursor.iteration + 1}${first === undefined ? "" : ` (${String(first).slice(0, 40)})`}`, ...path].join(" › ");
  }

  #write(step: string, beganMs: number | undefined, failure: { readonly cause: string; readonly error: string } | null | undefined): void {
    if (this.#over) return;
    const endedMs = this.#context.clock.now();
    const seen = failure ? this.#toldOf(step, failure, beganMs ?? endedMs) : undefined;
    this.#context.record.op(step, beganMs ?? endedMs, endedMs, seen ? "refused" : "ok", seen);
    if (seen) this.failed ??= new TouchFailed("refused", seen);
  }

  #toldOf(step: string, failure: { readonly cause: string; readonly error: string }, beganMs: number): Failure {
    const told = this.#context.mask.failure({ ...failure, ...this.#evidence }, this.#secrets);
    if (!this.#exchange || this.#bodyBytes === undefined || !this.#context.record.keeps?.(step, told.cause)) return told;
    const artifacts = saveEvidence(this.#context, { ...told, step, beganMs }, [this.#exchange], this.#secrets, { bodyBytes: this.#bodyBytes, unpackedBytes: 0 });
    return artifacts.length > 0 ? { ...told, artifacts } : told;
  }
}

interface Parent {
  readonly name: string;
  parent?(): unknown;
}

function evidenceOf(request: NewmanRequest | undefined, response: NewmanResponse | undefined): { readonly request?: string; readonly status?: number; readonly body?: string } {
  return {
    ...(request && { request: `${request.method} ${request.url.toString().replace(/\?.*$/s, "")}`.slice(0, 300) }),
    ...(response && { status: response.code, body: (response.stream ?? Buffer.alloc(0)).subarray(0, mostBody).toString() }),
  };
}

function exchangeOf(request: NewmanRequest, response: NewmanResponse | undefined): Exchange {
  // Newman has unpacked what was packed.
  const headers = response?.headers?.map(({ key, value }) => [key, value] as const).filter(([key]) => key.toLowerCase() !== "content-encoding") ?? [];
  return {
    method: request.method, url: request.url.toString(), headers: request.headers.map(({ key, value }) => [key.toLowerCase(), value] as const), body: request.body?.toString() || undefined,
    answer: response && { status: response.code, headers, body: response.stream ?? Buffer.alloc(0) },
  };
}

const causes: Readonly<Record<string, string>> = { ECONNREFUSED: "refused", ECONNRESET: "reset", ETIMEDOUT: "timeout", ESOCKETTIMEDOUT: "timeout", ENOTFOUND: "dns", EAI_AGAIN: "dns" };
const causeOf = ({ code, name }: { readonly code?: string; readonly name?: string }): string => causes[code ?? ""] ?? (code || name || "error").toLowerCase();
