import type { Jar } from "../../http/cookies.ts";
import type { RequestShape } from "../read/shape.ts";
import type { Execution } from "./execution.ts";
import { cookiesFor, ScriptJar } from "./jar.ts";
import { legacyGlobals } from "./legacy.ts";
import type { PropertyList } from "./list.ts";
import { chai } from "./modules.ts";
import { ScriptRequest } from "./request.ts";
import type { ScriptResponse } from "./response.ts";
import type { Sandbox } from "./sandbox.ts";
import type { Scopes } from "./scope.ts";

/** What scripts see of the step that they belong to. */
export interface Stage {
  readonly target: "prerequest" | "test";
  readonly execution: Execution;
  readonly scopes: Scopes;
  /** Made when a script looks. */
  readonly request: ScriptRequest;
  readonly response: ScriptResponse | undefined;
  readonly jar: Jar;
  /** Whose cookies `pm.cookies` lists. */
  readonly url: string;
  readonly iteration: number;
  readonly iterations: number;
  readonly name: string;
  readonly id: string;
  readonly path: readonly string[];
  /** The item whose script runs: a request, or a folder around it. */
  readonly owner: string;
  /** Sends a request of the script's own. */
  send(request: RequestShape): Promise<ScriptResponse>;
}

type SendDone = (error: unknown, response?: ScriptResponse, history?: { cookies: PropertyList }) => void;

/** Puts `pm`, the timers, the console and the older globals into a user's context. @param stage the step of the moment */
export function furnish(sandbox: Sandbox, stage: () => Stage): void {
  const run = (): Execution => stage().execution;
  const silent = () => {};
  sandbox.define({
    pm: pmOf(stage),
    console: { log: silent, info: silent, warn: silent, error: silent, debug: silent, trace: silent, table: silent, clear: silent, dir: silent, group: silent, groupEnd: silent, time: silent, timeEnd: silent },
    setTimeout: (call: unknown, ms: unknown, ...args: unknown[]) => run().setTimer(call, ms, false, args),
    setInterval: (call: unknown, ms: unknown, ...args: unknown[]) => run().setTimer(call, ms, true, args),
    setImmediate: (call: unknown, ...args: unknown[]) => run().setTimer(call, 0, false, args),
    clearTimeout: (id: unknown) => run().clearTimer(id),
    clearInterval: (id: unknown) => run().clearTimer(id),
    clearImmediate: (id: unknown) => run().clearTimer(id),
  });
  const getters = Object.entries(legacyGlobals(stage)).map(([name, make]) => [name, {
    get() {
      const { changed } = run();
      // The same object for as long as the script runs: it may write into it.
      if (!changed.has(name)) changed.set(name, make());
      return changed.get(name);
    },
    set: (value: unknown) => void run().changed.set(name, value),
  }] as const);
  sandbox.defineGetters(Object.fromEntries(getters));
  sandbox.seal();
}

function pmOf(stage: () => Stage): object {
  const later = (call: () => void): void => void stage().execution.setTimer(call, 0, false, []);
  const pm = {
    get info() {
      const { target, iteration, iterations, name, id } = stage();
      return { eventName: target, iteration, iterationCount: iterations, requestName: name, requestId: id };
    },
    get globals() { return stage().scopes.globals; },
    get environment() { return stage().scopes.environment; },
    get collectionVariables() { return stage().scopes.collection; },
    get variables() { return stage().scopes.variables; },
    get iterationData() { return stage().scopes.data; },
    get request() { return stage().request; },
    get response() { return stage().response; },
    get cookies() {
      const { jar, url } = stage();
      return Object.assign(cookiesFor(jar, url), { jar: () => new ScriptJar(jar, later) });
    },
    get expect() { return chai().expect; },
    visualizer: { set: () => {}, clear: () => {} },
    execution: {
      setNextRequest: (to: string | null) => void (stage().execution.next = { to }),
      skipRequest: () => {
        if (stage().target !== "prerequest") throw new TypeError("pm.execution.skipRequest is not a function");
        stage().execution.skips = true;
        throw skipped;
      },
      get location() {
        const { path, owner } = stage();
        return Object.assign([...path], { current: owner });
      },
    },
    test: Object.assign((name: string, check?: unknown) => (stage().execution.test(name, check), pm), {
      skip: (name: string) => (stage().execution.skipTest(name), pm),
      index: () => stage().execution.assertions.length,
    }),
    sendRequest: (given: RequestShape | string, done?: SendDone) => sendRequest(stage(), given, done) ?? pm,
  };
  return pm;
}

/** Thrown by `skipRequest`, so that nothing after it is run. */
const skipped = new Error("skipped");

/** Calls back, or answers a promise where there is nothing to call. */
function sendRequest(stage: Stage, given: RequestShape | string, done: SendDone | undefined): Promise<ScriptResponse> | undefined {
  const { execution } = stage;
  if (!given) return void done?.(new Error("sendrequest: nothing to request"));
  const release = execution.hold();
  const sent = stage.send(given instanceof ScriptRequest ? given.toJSON() : new ScriptRequest(given).toJSON());
  if (typeof done !== "function") {
    sent.then(release, release);
    return sent;
  }
  sent.then(
    (response) => execution.guard(() => done(null, response, { cookies: response.cookies })),
    (error: unknown) => execution.guard(() => done(error)),
  ).finally(release);
  return undefined;
}
