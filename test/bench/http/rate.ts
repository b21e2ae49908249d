import { availableParallelism } from "node:os";
import type { Client } from "./clients.ts";
import type { Target } from "./target.ts";
import { timed } from "./timed.ts";

/** How many requests a client makes for each second of its CPU, its start-up included; on a core of its own, where there are two. */
export async function perCpuSecond(client: Client, seconds: number, target: Target): Promise<number> {
  const words = client.words(seconds, target);
  // On one core alone there is nothing to part.
  const pinned = availableParallelism() > 1 ? ["taskset", "-c", "1", ...words] : words;
  const { out, cpuSeconds } = await timed(pinned, { seconds: seconds + 60, env: client.env?.(seconds, target), input: client.input?.(target) });
  const requests = client.requests(out);
  if (!(requests > 0)) throw new Error(`${client.name} counted no requests:\n${out.slice(-1_000)}`);
  return requests / cpuSeconds;
}
