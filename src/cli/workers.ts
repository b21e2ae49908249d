import { extname } from "node:path";
import { Worker } from "node:worker_threads";
import { differences, fingerprint, type Fingerprint } from "../plan/fingerprint.ts";
import type { Plan } from "../plan/plan.ts";
import type { Shard } from "../plan/shard.ts";
import { withDeadline } from "../play/deadline.ts";
import { SharedTurns } from "../play/turns.ts";
import type { Thread } from "../play/workers/orders.ts";
import type { Clock } from "../units/clock.ts";
import { problem, sayError } from "../units/errors.ts";
import type { ScenarioOptions } from "./scenario.ts";

/** A file takes longer to load on a machine that has much to do. */
const startWithinMs = 60_000;
const endWithinMs = 5_000;

/** What a thread is given as it starts. */
export interface WorkerFacts {
  readonly file: string;
  readonly options: ScenarioOptions;
  readonly shard: Shard;
  /** Where artifacts go. */
  readonly folder: string;
  readonly turns: SharedArrayBuffer;
}

/** Its first words. */
export type Handshake = { readonly parts: Fingerprint; readonly error?: undefined } | { readonly error: string };

export interface Workers {
  readonly threads: readonly Thread[];
  readonly start: (index: number) => Promise<Thread>;
  /** Ends all that are left. */
  readonly end: () => Promise<void>;
}

/**
 * Starts the threads of a run. They load the scenario, and wait.
 *
 * @throws SEA_WORKER_START, SEA_WORKER_DIFFERS
 */
export async function startWorkers(count: number, plan: Plan, facts: Pick<WorkerFacts, "file" | "options" | "folder">, clock: Clock): Promise<Workers> {
  const turns = SharedTurns.memory();
  const parts = fingerprint(plan);
  const all = new Set<Worker>();
  const start = async (index: number): Promise<Thread> => {
    const workerData: WorkerFacts = { ...facts, shard: { index, of: count }, turns };
    // The same file as this one's neighbour, in the checkout and in the package.
    const worker = new Worker(new URL(`./worker${extname(import.meta.url)}`, import.meta.url), { workerData, argv: process.argv.slice(2) });
    all.add(worker);
    worker.once("exit", () => all.delete(worker));
    const thread = threadOf(worker);
    const failed = (error: string) => problem("SEA_WORKER_START", { worker: index + 1, error }, facts.file);
    try {
      const greeting = await withDeadline(clock, startWithinMs, `worker ${index + 1}`, () => thread.greeting);
      if (greeting.error !== undefined) throw failed(greeting.error);
      const differing = differences(parts, greeting.parts);
      if (differing.length > 0) throw problem("SEA_WORKER_DIFFERS", { worker: index + 1, parts: differing.join(", ") }, facts.file);
      return thread;
    } catch (error) {
      void worker.terminate();
      throw error;
    }
  };
  // A call that blocks its thread outside of JavaScript can't be ended, and must not hold up the verdict.
  const end = () => withDeadline(clock, endWithinMs, "the workers' end", async () => void (await Promise.all([...all].map((worker) => worker.terminate())))).catch(() => undefined);
  try {
    return { start, end, threads: await Promise.all(Array.from({ length: count }, (_, index) => start(index))) };
  } catch (error) {
    await end();
    throw error;
  }
}

/** A thread of Node as `play` knows it. What it says before somebody listens is its greeting. */
function threadOf(worker: Worker): Thread & { readonly greeting: Promise<Handshake> } {
  let why: string | undefined;
  let hear: ((word: never) => void) | undefined;
  let mourn: (why: string) => void;
  const greeting = new Promise<Handshake>((resolve) => {
    worker.on("message", (message: Handshake) => (hear ? hear(message as never) : resolve(message)));
    mourn = (error) => resolve({ error });
  });
  const died = (how: string) => {
    if (why === undefined) mourn((why = how));
  };
  worker.on("error", (error) => died(sayError(error)));
  worker.on("exit", (code) => died(`its thread ended with exit code ${code}`));
  return {
    greeting,
    tell: (order) => worker.postMessage(order),
    listen(word, dead) {
      hear = word;
      mourn = dead;
      if (why !== undefined) dead(why);
    },
    end: async () => void (await worker.terminate()),
  };
}
