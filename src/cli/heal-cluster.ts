import { realClock, type Clock } from "../units/clock.ts";
import { sayError } from "../units/errors.ts";
import { estateOf, type Estate } from "./clusters.ts";
import { exitCodes } from "./exit.ts";
import { healOne, say } from "./healing.ts";

export interface HealClusterOptions {
  /** Only what this run left. */
  readonly run?: string | undefined;
  /** Only what its run should have healed by now. */
  readonly expired?: boolean | undefined;
  readonly namespaces?: readonly string[] | undefined;
  /** Look again and again for so long. Default: once. */
  readonly forMs?: number | undefined;
}

/** How often one that keeps looking looks. */
const everyMs = 5_000;

/** Heals by the records that a cluster keeps itself: no ledger, no scenario, no runner is needed. */
export async function healCluster(name: string, options: HealClusterOptions): Promise<number> {
  const estate = await estateOf(name, options.namespaces);
  if (!estate) {
    say(`nothing to heal: no cluster '${name}' is up`);
    return exitCodes.pass;
  }
  const clock = realClock();
  const endMs = clock.now() + (options.forMs ?? 0);
  try {
    let left = await healOpen(clock, name, estate, options);
    while (clock.now() < endMs) {
      await clock.sleep(Math.min(everyMs, endMs - clock.now()));
      // Who waits for hours outlives a server that is away for minutes.
      left = await healOpen(clock, name, estate, options, false).catch((error: unknown) => {
        say(`NOT HEALED yet: ${sayError(error)}`);
        return 1;
      });
    }
    return left > 0 ? exitCodes.unhealed : exitCodes.pass;
  } finally {
    await estate.close();
  }
}

/** Answers how many are left open that should not be. */
async function healOpen(clock: Clock, name: string, estate: Estate, { run, expired }: HealClusterOptions, isFirst = true): Promise<number> {
  const { open, broken } = await estate.debts();
  const nowMs = clock.wallMs();
  const due = open.filter((debt) => (run === undefined || debt.run === run) && (!expired || debt.deadlineMs <= nowMs));
  if (due.length === 0 && broken.length === 0 && isFirst) say(`nothing to heal: cluster '${name}' has no ${expired ? "expired" : "open"} record${run === undefined ? "" : ` of run ${run}`}`);
  for (const one of broken) say(`NOT HEALED: ${one}`);
  let left = broken.length;
  for (const debt of due) {
    if (debt.deadlineMs > nowMs) say(`run ${debt.run} would heal ${debt.fault} by itself until ${new Date(debt.deadlineMs).toISOString()}: if it is under way, its verdict is spoilt`);
    if ((await healOne(clock, () => estate.clusterOf(debt), debt)) !== undefined) left += 1;
  }
  return left;
}
