/** A thread of `seatrial run --workers`: loads the scenario itself, for functions can't be sent, and walks its share. */
import { enableCompileCache } from "node:module";
import { parentPort, workerData } from "node:worker_threads";
import type { Order, Word } from "../play/workers/orders.ts";
import type { Handshake, WorkerFacts } from "./workers.ts";

// Before anything is compiled: what the main thread compiled already is not compiled again.
enableCompileCache();
const [{ fingerprint }, { work }, { realClock }, { sayError }, { watchSelf }, { artifactsIn }, { planOf }, { prepareDrivers }] = await Promise.all([
  import("../plan/fingerprint.ts"), import("../play/workers/work.ts"), import("../units/clock.ts"), import("../units/errors.ts"), import("../units/self.ts"),
  import("./folder.ts"), import("./scenario.ts"), import("../play/prepare.ts"),
]);

const port = parentPort!;
const { file, options, shard, folder, turns } = workerData as WorkerFacts;
const greet = (handshake: Handshake) => port.postMessage(handshake);

try {
  const { plan, problems } = await planOf(file, options);
  if (!plan) throw problems[0];
  await prepareDrivers(plan);
  let take: ((order: Order) => void) | undefined;
  port.on("message", (order: Order) => {
    if (order.k !== "begin") return take?.(order);
    take = work({
      plan, shard, turns, clock: realClock(order.epoch), self: watchSelf(), artifacts: artifactsIn(folder, `worker${shard.index + 1}-`),
      tell: (word: Word) => port.postMessage(word),
      done: () => port.close(),
    }, order);
  });
  greet({ parts: fingerprint(plan) });
} catch (error) {
  greet({ error: sayError(error) });
}
