import type { Release } from "../model/cluster.ts";
import { SimulatedLoss, type SimulatedAnswer, type SimulatedService } from "../model/simulated.ts";
import type { Clock } from "../units/clock.ts";
import type { SimPod } from "./platform.ts";
import type { SimWorkload } from "./workload.ts";
import type { World } from "./world.ts";

/** Latency of a pod with nothing else to do: the median in ms, and the spread of its logarithm. */
const latency = { medianMs: 8, spread: 0.4 } as const;
/** With so many requests at once a pod takes twice as long for each. */
const comfortable = 20;
const slowFactor = 30;

/** Is the release one that fails, or dawdles? Its name or its settings say so. */
const is = (release: Release, setting: string, name: RegExp) =>
  Object.values(release.env ?? {}).includes(setting) || name.test(`${release.version} ${release.image ?? ""}`);
const fails = (release: Release) => is(release, "failing", /fail|bad|500/);
const dawdles = (release: Release) => is(release, "slow", /slow/);

const refusedMs = 1;
const refusal = (status: number, error: string): SimulatedAnswer => ({ status, headers: { "content-type": "application/json" }, body: { error } });

/** One workload's service: spreads requests over the pods that the platform believes ready. */
export function simulatedService(world: World, workload: SimWorkload, clock: Clock, catchUp: () => void): SimulatedService {
  const random = world.random.fork("service", workload.name);
  const scope = workload.data === undefined ? undefined : world.scopes.get(workload.data);

  const choose = (): SimPod | undefined => {
    const { canary } = workload;
    const first = canary.candidate && random.next() < canary.weight ? canary.candidate : canary.stable;
    const ready = workload.ready(first);
    const pods = ready.length > 0 ? ready : workload.pods.filter((pod) => pod.ready);
    return pods.length > 0 ? random.pick(pods) : undefined;
  };

  const latencyMs = (pod: SimPod): number => {
    const normal = Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next());
    const load = 1 + (pod.busy / comfortable) ** 2;
    return latency.medianMs * Math.exp(latency.spread * normal) * load * (dawdles(pod.release) ? slowFactor : 1);
  };

  return {
    async request(ask, signal) {
      signal.throwIfAborted();
      catchUp();
      const pod = choose();
      if (!pod || dead(pod)) {
        await clock.sleep(refusedMs, signal);
        throw new SimulatedLoss("refused");
      }
      if (silent(pod)) return silence(signal);
      // The pod does its work when asked, so that a write can be done though its answer is lost.
      const broken = fails(pod.release) && random.next() < 0.5;
      const answer = broken ? refusal(500, "this release fails")
        : scope && !scope.held ? refusal(503, "the data is gone")
        : (scope?.store ?? world.store).answer(ask);
      pod.busy++;
      try {
        await clock.sleep(latencyMs(pod), signal);
      } finally {
        pod.busy--;
      }
      catchUp();
      if (dead(pod)) throw new SimulatedLoss("reset");
      if (silent(pod)) return silence(signal);
      workload.canary.count(pod.release, answer.status < 500);
      return { ...answer, headers: { ...answer.headers, "x-version": pod.release.version } };
    },
  };
}

const dead = (pod: SimPod) => pod.state === "dead";
const silent = (pod: SimPod) => pod.state === "frozen" || pod.node.state === "cut";

/** Nobody answers: only the signal ends it. */
const silence = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => {
    const lost = () => reject(new SimulatedLoss("silence"));
    if (signal.aborted) lost();
    else signal.addEventListener("abort", lost, { once: true });
  });
