import type { Handled } from "../model/hands.ts";
import { Asked, Escaped } from "../play/play.ts";
import type { Clock } from "../units/clock.ts";
import { sayError } from "../units/errors.ts";

/** The two requests that a person makes with Ctrl-C, or from the live page. */
export interface Stops {
  /** First: stop and heal. */
  readonly stop: AbortSignal;
  /** Second: cut everybody, heal only. */
  readonly halt: AbortSignal;
  /** The same from elsewhere; `by` says where. */
  ask(what: "stop" | "halt", by: string): Handled;
  release(): void;
}

const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
/** One Ctrl-C reaches us twice under a launcher such as npx: from the terminal, and passed on. */
const echoMs = 300;

/** Listens for signals and for errors that escaped; each is told to `say` with what follows from it. */
export function listenForStops(clock: Clock, say: (line: string) => void): Stops {
  const stop = new AbortController();
  const halt = new AbortController();
  let firstMs: number | undefined;
  const onSignal = (name: string) => {
    firstMs ??= clock.now();
    if (stop.signal.aborted && clock.now() - firstMs < echoMs) return;
    if (!stop.signal.aborted) {
      say(`${name}: stopping and healing; once more to cut all journeys and only heal`);
      stop.abort();
    } else if (!halt.signal.aborted) {
      say(`${name}: cutting all journeys, healing`);
      halt.abort();
    } else {
      say(`${name}: still healing; kill -9 would leave harm behind (seatrial heal mends it later)`);
    }
  };
  const onEscaped = (error: unknown) => {
    say(`an error escaped from a journey or driver: ${error instanceof Error ? (error.stack ?? error.message) : sayError(error)}`);
    stop.abort(new Escaped(`an error escaped from a journey or driver: ${error instanceof Error ? error.message : sayError(error)}`));
  };
  for (const name of signals) process.on(name, onSignal);
  process.on("uncaughtException", onEscaped);
  process.on("unhandledRejection", onEscaped);
  return {
    stop: stop.signal,
    halt: halt.signal,
    ask(what, by) {
      const reason = new Asked(`stopped by ${by}`);
      const isNew = what === "halt" ? !halt.signal.aborted : !stop.signal.aborted;
      const text = what === "halt" ? "cutting all journeys, healing" : "stopping and healing";
      if (!isNew) return { done: false, text: `already ${text}` };
      say(`${by}: ${text}`);
      stop.abort(reason);
      if (what === "halt") halt.abort(reason);
      return { done: true, text };
    },
    release() {
      for (const name of signals) process.off(name, onSignal);
      process.off("uncaughtException", onEscaped);
      process.off("unhandledRejection", onEscaped);
    },
  };
}
