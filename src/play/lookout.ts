import type { Cluster, ClusterNode, Pod } from "../model/cluster.ts";
import type { Sighting } from "../model/sighting.ts";
import type { Clock } from "../units/clock.ts";
import { sayError } from "../units/errors.ts";
import { withDeadline } from "./deadline.ts";

const lookMs = 100;
const readWithinMs = 15_000;
/** A storm does not wait longer for those who only watch it. */
const beginWithinMs = 2_000;
/** Of one storm. A cluster that churns must not fill the ledger. */
const mostSights = 2_000;

/**
 * Watches a cluster until the signal aborts, and tells what it does: by the cluster's own watch, or
 * by looking again and again where it has none. Settles when the watching has begun; never rejects.
 */
export async function lookout(cluster: Cluster, clock: Clock, tell: (sighting: Sighting) => void, signal: AbortSignal): Promise<void> {
  let told = 0;
  const see = (sighting: Sighting): void => {
    if (signal.aborted || told > mostSights) return;
    told += 1;
    tell(told > mostSights ? { what: "watch", name: cluster.name, turn: "lost", text: `more than ${mostSights} sightings: the rest is not told` } : sighting);
  };
  try {
    if (cluster.watch) await withDeadline(clock, beginWithinMs, "beginning to watch", () => cluster.watch!(see, signal));
    else await look(cluster, clock, see, signal);
  } catch (error) {
    see({ what: "watch", name: cluster.name, turn: "lost", text: sayError(error) });
  }
}

interface Seen {
  readonly ready: boolean;
  readonly tell: (turn: Sighting["turn"]) => Sighting;
}

/** The pods by what changes with every replacement, and the nodes. */
async function standing(cluster: Cluster): Promise<ReadonlyMap<string, Seen>> {
  const [pods, nodes] = await Promise.all([cluster.pods(), cluster.nodes()]);
  const ofPod = ({ name, id, workload, ready }: Pod): [string, Seen] => [`pod ${id}`, { ready, tell: (turn) => ({ what: "pod", name, turn, of: workload }) }];
  const ofNode = ({ name, ready }: ClusterNode): [string, Seen] => [`node ${name}`, { ready, tell: (turn) => ({ what: "node", name, turn }) }];
  return new Map([...pods.map(ofPod), ...nodes.map(ofNode)]);
}

async function look(cluster: Cluster, clock: Clock, see: (sighting: Sighting) => void, signal: AbortSignal): Promise<void> {
  let before = await withDeadline(clock, beginWithinMs, "looking at the cluster", () => standing(cluster));
  let blind = false;
  const again = async (): Promise<void> => {
    for (;;) {
      await clock.sleep(lookMs, signal);
      try {
        const now = await withDeadline(clock, readWithinMs, "looking at the cluster", () => standing(cluster));
        if (blind) see({ what: "watch", name: cluster.name, turn: "back" });
        blind = false;
        for (const sighting of changes(before, now)) see(sighting);
        before = now;
      } catch (error) {
        if (!blind) see({ what: "watch", name: cluster.name, turn: "lost", text: sayError(error) });
        blind = true;
      }
    }
  };
  // Ends with the signal, which nobody needs to hear of.
  void again().catch(() => undefined);
}

function* changes(before: ReadonlyMap<string, Seen>, now: ReadonlyMap<string, Seen>): Generator<Sighting> {
  for (const [key, was] of before) if (!now.has(key)) yield was.tell("gone");
  for (const [key, { ready, tell }] of now) {
    const was = before.get(key);
    if (!was) yield tell("came");
    if (ready !== (was?.ready ?? false)) yield tell(ready ? "ready" : "unready");
  }
}
