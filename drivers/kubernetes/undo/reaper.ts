import type { Needy } from "../../../src/model/consent.ts";
import { healingNeedsOf } from "../consent/needed.ts";
import { managed, rolesOf, sayManifests, type Manifest } from "../consent/roles.ts";
import { inClusterContext } from "../api/config.ts";
import type { KubernetesPlace } from "../place.ts";

export interface ReaperSettings {
  /** An image that has `seatrial` on its PATH, and @kubernetes/client-node beside it. */
  readonly image: string;
  readonly name: string;
  /** How long the Job keeps looking, as `heal --for` takes it. */
  readonly time: string;
  readonly timeMs: number;
  /** A CronJob in place of the Job, in cron's words. */
  readonly schedule?: string | undefined;
}

/** So long after its last look a Job that is still there hangs. */
const graceS = 600;

/**
 * A Job or CronJob that heals in the cluster itself what a run should have healed by now, with an account
 * that may do nothing else; as YAML. It goes to the namespace that keeps the records.
 */
export async function reaperOf({ sailing }: KubernetesPlace, storms: readonly Needy[], { image, name, time, timeMs, schedule }: ReaperSettings): Promise<string> {
  const [namespace] = sailing.namespaces as readonly [string, ...string[]];
  const labels = { ...managed, "app.kubernetes.io/name": name, "seatrial.dev/part": "reaper" };
  const metadata = { name, namespace, labels };
  const args = ["heal", "--on", inClusterContext, "--expired", ...sailing.namespaces.flatMap((one) => ["--namespace", one]), ...(schedule === undefined ? ["--for", time] : [])];
  const pod = {
    metadata: { labels },
    spec: {
      serviceAccountName: name,
      restartPolicy: "OnFailure",
      containers: [
        {
          name: "reaper", image,
          command: ["seatrial", ...args],
          resources: { requests: { cpu: "50m", memory: "128Mi" }, limits: { memory: "512Mi" } },
          securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
        },
      ],
    },
  };
  const job = { backoffLimit: 20, activeDeadlineSeconds: schedule === undefined ? Math.ceil(timeMs / 1_000) + graceS : graceS, ttlSecondsAfterFinished: 3_600, template: pod };
  const worker: Manifest =
    schedule === undefined
      ? { apiVersion: "batch/v1", kind: "Job", metadata, spec: job }
      : { apiVersion: "batch/v1", kind: "CronJob", metadata, spec: { schedule, concurrencyPolicy: "Forbid", successfulJobsHistoryLimit: 1, failedJobsHistoryLimit: 3, jobTemplate: { spec: job } } };
  return sayManifests([
    { apiVersion: "v1", kind: "ServiceAccount", metadata },
    ...rolesOf(healingNeedsOf(storms, sailing), sailing.namespaces, { name, subject: { kind: "ServiceAccount", name, namespace } }),
    worker,
  ]);
}
