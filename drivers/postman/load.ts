import type { Driver, OpenContext } from "../../src/model/driver.ts";
import { cutCause, TouchFailed, type Failure } from "../../src/model/op.ts";
import type { User } from "../../src/model/user.ts";
import { problem } from "../../src/units/errors.ts";
import type { Jar } from "../http/cookies.ts";
import { http, type HttpSession } from "../http/index.ts";
import type { Row } from "./read/rows.ts";
import type { RequestShape } from "./read/shape.ts";
import type { LoadStep, Program } from "./compile.ts";
import { evidenceBytes } from "../http/settings.ts";
import { evidenceOf, keepSecrets, type Desk } from "./evidence.ts";
import { maker } from "./script/dynamic.ts";
import { Execution, type Assertion } from "./script/execution.ts";
import { chai } from "./script/modules.ts";
import { furnish } from "./script/pm.ts";
import { ScriptResponse } from "./script/response.ts";
import { Sandbox } from "./script/sandbox.ts";
import { Scope, Scopes } from "./script/scope.ts";
import type { Compiled } from "./script/source.ts";
import { LoadStage } from "./stage.ts";
import { exchange, type Exchange, type Line } from "./send/exchange.ts";
import { compileRequest, usualBehavior } from "./send/request.ts";
import { Tokens } from "./send/tokens.ts";
import type { PostmanSession } from "./session.ts";
import type { Settings } from "./settings.ts";

/** Two requests that name each other would go on for ever. */
const mostRequests = 10_000;

type Watcher = Pick<User, "feed" | "check" | "step">;

/** What went wrong in a step, one thing of it. */
interface Trouble {
  readonly cause: string;
  readonly error: string | undefined;
}

/** Opens a compiled collection on the HTTP driver's sessions. */
export function loadDriver(settings: Settings, program: Program): Driver<LoadSession> {
  // Requests of a collection name their addresses in full: the base is nobody's.
  const inner = http({ base: "http://collection.invalid", ...settings.http });
  return Object.freeze({
    kind: "postman",
    service: settings.service,
    rehearses: true,
    prepare: async () => void (program.usesChai && chai()),
    ...(inner.sockets !== undefined && { sockets: inner.sockets }),
    ...(inner.caveats && { caveats: inner.caveats }),
    async open(context: OpenContext) {
      if (program.usesChai) chai();
      // A touch of the HTTP driver is a part of a step's op: evidence of it is kept where the step's is.
      let walking: LoadSession | undefined;
      const silent = { op: () => {}, learned: () => {}, keeps: (_: string, cause: string) => context.record.keeps?.(walking?.label ?? "", cause) ?? false };
      const session = await inner.open({ ...context, record: silent });
      return (walking = new LoadSession(settings, program, context, session, () => inner.close(session), () => inner.renew?.(session)));
    },
    renew: (session: LoadSession) => session.renew(),
    close: (session: LoadSession) => session.close(),
  });
}

/** One user's run of a compiled collection: its variables, its cookies, its scripts' context. */
export class LoadSession implements PostmanSession {
  /** Told of every assertion, for whoever compares. */
  onAssertion: ((step: LoadStep, assertion: Assertion) => void) | undefined;
  scopes!: Scopes;
  readonly #settings: Settings;
  readonly #program: Program;
  readonly #context: OpenContext;
  readonly #line: Line;
  readonly #desk: Desk;
  readonly #closeHttp: () => Promise<void>;
  readonly #renewHttp: () => void;
  #sandbox!: Sandbox;
  #stage: LoadStage | undefined;
  #iteration = 0;
  /** Ops that ended before the request whose scripts began them was recorded. */
  #waiting: (() => void)[] | undefined;

  constructor(settings: Settings, program: Program, context: OpenContext, session: HttpSession, closeHttp: () => Promise<void>, renewHttp: () => void) {
    this.#settings = settings;
    this.#program = program;
    this.#context = context;
    this.#closeHttp = closeHttp;
    this.#renewHttp = renewHttp;
    const tokens = new Tokens((beganMs, _, error) => this.#record(`${this.#stage!.step.label} › token`, beganMs, context.clock.now(), error instanceof TouchFailed ? error : undefined));
    // Every session of that driver keeps its cookies in a jar.
    this.#line = { http: session, jar: session.cookies as Jar, clock: context.clock, random: context.random, tokens };
    const { evidence, bodyLimitBytes: unpackedBytes = 32 * 2 ** 20 } = settings.http;
    const bodyBytes = evidenceBytes(evidence);
    this.#desk = { context, jar: this.#line.jar, room: bodyBytes === undefined ? undefined : { bodyBytes, unpackedBytes } };
    keepSecrets(context.mask, [...settings.environment, ...settings.globals, ...(settings.collection.shape.variable ?? [])]);
    this.#furnish();
  }

  /** What the request of the moment is called. */
  get label(): string {
    return this.#stage?.step.label ?? "";
  }

  /** A new visitor's variables and context. */
  #furnish(): void {
    const { environment, globals, collection, service, serviceVariable } = this.#settings;
    const made = maker(this.#context.random, this.#context.clock);
    this.scopes = new Scopes(new Scope(environment, "environment"), new Scope(collection.shape.variable, "collection"), new Scope(globals, "globals"), made);
    if (service !== undefined) {
      const address = this.#context.service(service);
      if (address === undefined) throw problem("SEA_HTTP_SERVICE", { service }, "postman.service");
      this.scopes.environment.set(serviceVariable, address.replace(/\/$/, ""));
    }
    this.#sandbox ??= new Sandbox(this.#context.random);
    if (this.#sandbox.isSoiled) this.#sandbox = new Sandbox(this.#context.random);
    if (!this.#sandbox.isFurnished) furnish(this.#sandbox, () => this.#stage!);
    this.#iteration = 0;
  }

  renew(): void {
    this.#renewHttp();
    this.#line.tokens.clear();
    this.#furnish();
  }

  close(): Promise<void> {
    return this.#closeHttp();
  }

  async walk(user: Watcher): Promise<void> {
    const { data, iterations = 1 } = this.#settings;
    for (let n = 0; n < iterations; n++) {
      this.scopes.row = data ? await user.feed<Row>(data) : {};
      await this.#iterate(user);
      this.#iteration += 1;
    }
  }

  async touch(name: string): Promise<void> {
    const step = this.#program.steps.find((one) => one.name === name || one.id === name);
    if (!step) throw problem("SEA_POSTMAN_FOLDER", { folder: name, known: this.#program.steps.map((one) => one.name).slice(0, 20).join(", ") }, this.#settings.collection.file);
    const { failed } = await this.#play(step, undefined);
    if (failed) throw failed;
  }

  async #iterate(user: Watcher): Promise<void> {
    const { steps } = this.#program;
    let sent = 0;
    for (let at = 0; at < steps.length; ) {
      if (sent++ === mostRequests) throw problem("SEA_POSTMAN_LOOP", { count: mostRequests }, steps[at]!.label);
      const { next, failed } = await this.#play(steps[at]!, user);
      // The rest of a collection goes on after a failure, as in Postman; but not after the end of the run.
      if (failed?.failure.cause === cutCause || this.#context.signal.aborted) throw failed ?? new TouchFailed("unsure", { cause: cutCause });
      at = next === undefined ? at + 1 : this.#positionOf(next.to);
    }
  }

  /** Where `setNextRequest` leads; beyond the end for null, and for a name that nobody has. */
  #positionOf(to: string | null): number {
    const { steps } = this.#program;
    const byId = steps.findIndex(({ id }) => id === to);
    const at = byId >= 0 ? byId : steps.findLastIndex(({ name }) => name === to);
    return at < 0 ? steps.length : at;
  }

  /** One request with its scripts. */
  async #play(step: LoadStep, user: Watcher | undefined): Promise<{ readonly next: Execution["next"]; readonly failed: TouchFailed | undefined }> {
    const iterations = this.#settings.iterations ?? 1;
    const stage = (this.#stage = new LoadStage(step, this.scopes, this.#line.jar, this.#iteration, iterations, (request) => this.#send(request)));
    const troubles: Trouble[] = [];
    const before = this.#run(stage, step.prerequest, troubles);
    if (before) await before;
    if (stage.skips) return { next: stage.next, failed: this.#close(stage, undefined, troubles, user) };

    const compiled = stage.isRequestTouched ? this.#recompile(stage) : step.compiled;
    this.#waiting = [];
    try {
      const done = await exchange(this.#line, compiled, this.scopes);
      stage.answered(done.sent, done.url, new ScriptResponse(done.reply, done.endedMs - done.beganMs, this.#sandbox));
      if (done.failed?.failure.cause !== cutCause) {
        const after = this.#run(stage, step.test, troubles);
        if (after) await after;
      }
      return { next: stage.next, failed: this.#close(stage, done, troubles, user) };
    } finally {
      this.#flush();
    }
  }

  /** What a script made of the request is sent in its place. */
  #recompile(stage: LoadStage): LoadStep["compiled"] {
    const changed = stage.request.toJSON();
    return compileRequest(changed, changed.auth ?? stage.step.auth, stage.step.compiled.behavior);
  }

  #run(stage: LoadStage, scripts: readonly Compiled[], troubles: Trouble[]): void | Promise<void> {
    for (let index = 0; index < scripts.length; index++) {
      const execution = stage.begin(new Execution(this.#context.clock), scripts[index]!.owner);
      const waits = execution.run(() => this.#sandbox.run(scripts[index]!));
      if (waits) return waits.then(() => (this.#heard(stage, execution, troubles), stage.skips ? undefined : this.#run(stage, scripts.slice(index + 1), troubles)));
      this.#heard(stage, execution, troubles);
      if (stage.skips) return undefined;
    }
    return undefined;
  }

  #heard(stage: LoadStage, execution: Execution, troubles: Trouble[]): void {
    stage.end(execution);
    for (const assertion of execution.assertions) {
      if (!assertion.passed) troubles.push({ cause: `check: ${assertion.name}`, error: assertion.error });
      this.onAssertion?.(stage.step, assertion);
    }
    if (execution.error !== undefined) troubles.push({ cause: `script: ${execution.error.split(":")[0]!}`, error: execution.error });
  }

  /** Records the step: the request as one op, refused when an assertion or a script failed; further ones are counted by their names. */
  #close(stage: LoadStage, done: Exchange | undefined, troubles: Trouble[], user: Watcher | undefined): TouchFailed | undefined {
    const { step } = stage;
    if (done?.failed) return this.#record(step.label, done.beganMs, done.endedMs, new TouchFailed(done.failed.outcome, done.failed.failure));
    // Where no assertion judges the answer, its status does.
    if (done?.reply && troubles.length === 0 && stage.assertions === 0 && done.reply.status >= 400) troubles.push({ cause: `status ${done.reply.status}`, error: undefined });
    const [first, ...more] = troubles;
    let failed: TouchFailed | undefined;
    if (first) {
      const failure: Failure = evidenceOf(this.#desk, step.label, { cause: first.cause, ...(first.error !== undefined && { error: first.error }) }, done, this.scopes);
      failed = new TouchFailed("refused", failure);
    }
    if (done) this.#record(step.label, done.beganMs, done.endedMs, failed);
    else if (first) user?.check(first.cause.replace(/^check: /, ""), false);
    for (const { cause } of more) user?.check(cause.replace(/^check: /, ""), false);
    return failed;
  }

  #record(label: string, beganMs: number, endedMs: number, failed: TouchFailed | undefined): TouchFailed | undefined {
    const write = (): void => this.#context.record.op(label, beganMs, endedMs, failed?.outcome ?? "ok", failed?.failure);
    if (this.#waiting && label !== this.#stage?.step.label) this.#waiting.push(write);
    else write();
    return failed;
  }

  #flush(): void {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    for (const write of waiting ?? []) write();
  }

  /** A request that a script sends: names in it are not filled, but what is made up is. */
  async #send(request: RequestShape): Promise<ScriptResponse> {
    const label = `${this.#stage!.step.label} › sendRequest`;
    const compiled = compileRequest(request, request.auth, { ...usualBehavior, disableBodyPruning: true });
    const done = await exchange(this.#line, compiled, { text: (name) => this.scopes.madeUp(name) });
    const failed = done.failed && new TouchFailed(done.failed.outcome, done.failed.failure);
    this.#record(label, done.beganMs, done.endedMs, failed);
    if (failed) throw new Error(failed.failure.error ?? failed.failure.cause);
    return new ScriptResponse(done.reply!, done.endedMs - done.beganMs, this.#sandbox);
  }
}
