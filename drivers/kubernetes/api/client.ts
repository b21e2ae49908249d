import type { Clock } from "../../../src/units/clock.ts";
import { listAll } from "../watch/list.ts";
import { Outage } from "../watch/outage.ts";
import { watch } from "../watch/follow.ts";
import type { Api, Call, ListSettings, Patch, Resource, Thing } from "./api.ts";
import { knownContext, type Home, type MadeContext } from "./config.ts";
import { Connection, type Request } from "./connection.ts";
import { evictionOf } from "./eviction.ts";
import { exec } from "./exec.ts";
import { refusal } from "./failure.ts";
import { accessReviews, pathOf, pods } from "./resources.ts";

/** How an API server is found and spoken to. */
export interface ConnectSettings {
  /** Its name in the kubeconfig; `"in-cluster"` in a pod. */
  readonly context: string;
  /** Default: the files of KUBECONFIG, or ~/.kube/config. */
  readonly kubeconfig?: string | undefined;
  /** A context that no kubeconfig has. */
  readonly made?: MadeContext | undefined;
  readonly clock: Clock;
  /** Where kubeconfigs are looked for; default this machine. */
  readonly home?: Home;
  /** Tells the person watching that a watch lost the server, and has it again. */
  readonly say?: (line: string) => void;
}

const patchTypes = { merge: "application/merge-patch+json", json: "application/json-patch+json", strategic: "application/strategic-merge-patch+json" } as const;

/**
 * The API server of a context. Reads the kubeconfig; the first call reaches out.
 *
 * @throws SEA_KUBE_PACKAGE, SEA_KUBE_CONFIG, SEA_KUBE_CONTEXT
 * @example const api = await connect({ context: "shop-staging", clock: realClock() });
 */
export async function connect({ context, kubeconfig, made, clock, home, say = () => undefined }: ConnectSettings): Promise<Api> {
  const connection = await Connection.to(() => knownContext(context, { kubeconfig, made }, home), clock);
  const ask = async <T>(request: Request): Promise<T> => JSON.parse((await connection.call(request)).body) as T;
  const call = (verb: string, { group, plural, namespaced }: Resource, namespace?: string, name?: string, subresource?: string): Call => ({
    verb, group, resource: plural, ...(namespaced && namespace !== undefined && { namespace }), ...(name !== undefined && { name }), ...(subresource !== undefined && { subresource }),
  });
  const outage = new Outage(clock, connection.known.server.server, say);
  const ended = new AbortController();

  const api: Api = {
    context,
    server: connection.known.server.server,
    version: async () => (await ask<{ gitVersion: string }>({ method: "GET", path: "/version", call: { verb: "get", group: "", resource: "/version" } })).gitVersion,

    async read<T extends Thing>(resource: Resource, name: string, namespace?: string) {
      const request = { method: "GET", path: pathOf(resource, namespace, name), call: call("get", resource, namespace, name) } as const;
      const answer = await connection.call(request, { expect: [404] });
      if (answer.status !== 404) return JSON.parse(answer.body) as T;
      const error = refusal(connection.known, request.call, 404, answer.body);
      if (error.code === "SEA_KUBE_NOT_FOUND") return undefined;
      throw error;
    },

    list: async <T extends Thing>(resource: Resource, settings: ListSettings = {}) => (await listAll(connection, resource, settings, (thing) => thing as T)).items,

    create: (resource, body, { dryRun = false } = {}) =>
      ask({ method: "POST", path: pathOf(resource, body.metadata.namespace), body, query: { fieldManager: "seatrial", dryRun: dryRun ? "All" : undefined }, call: call("create", resource, body.metadata.namespace, body.metadata.name || undefined) }),

    apply: (resource, body) =>
      ask({
        method: "PATCH", path: pathOf(resource, body.metadata.namespace, body.metadata.name), body, type: "application/apply-patch+yaml",
        query: { fieldManager: "seatrial", force: true }, call: call("patch", resource, body.metadata.namespace, body.metadata.name),
      }),

    patch<T extends Thing>(resource: Resource, name: string, namespace: string | undefined, patch: Patch, { subresource }: { readonly subresource?: "status" | "scale" } = {}) {
      const [[kind, body]] = Object.entries(patch) as [[keyof typeof patchTypes, unknown]];
      return ask<T>({ method: "PATCH", path: pathOf(resource, namespace, name, subresource), body, type: patchTypes[kind], query: { fieldManager: "seatrial" }, call: call("patch", resource, namespace, name, subresource) });
    },

    async remove(resource, name, namespace, { graceS, uid, propagation } = {}) {
      const request = {
        method: "DELETE", path: pathOf(resource, namespace, name), call: call("delete", resource, namespace, name),
        body: { apiVersion: "v1", kind: "DeleteOptions", gracePeriodSeconds: graceS, preconditions: uid === undefined ? undefined : { uid }, propagationPolicy: propagation },
      } as const;
      const answer = await connection.call(request, { expect: uid === undefined ? [404] : [404, 409] });
      if (answer.status < 400) return;
      const error = refusal(connection.known, request.call, answer.status, answer.body);
      // 409 with a uid: another object has taken the name.
      if (error.code !== "SEA_KUBE_NOT_FOUND" && !(answer.status === 409 && uid !== undefined && /uid/i.test(answer.body))) throw error;
    },

    async evict(pod, namespace, { graceS, uid } = {}) {
      const request = {
        method: "POST", path: pathOf(pods, namespace, pod, "eviction"), call: call("create", pods, namespace, pod, "eviction"),
        body: {
          apiVersion: "policy/v1", kind: "Eviction", metadata: { name: pod, namespace },
          deleteOptions: { gracePeriodSeconds: graceS, preconditions: uid === undefined ? undefined : { uid } },
        },
      } as const;
      const { status, body, retryAfterMs } = await connection.ask(request);
      const eviction = evictionOf(status, body, retryAfterMs);
      if (!eviction) throw refusal(connection.known, request.call, status, body);
      return eviction;
    },

    exec: (pod, namespace, command, settings = {}) => exec(connection, clock, pod, namespace, command, settings),

    async may({ verb, group, resource, subresource, namespace, name }) {
      const review = await ask<{ status: { allowed: boolean; reason?: string; evaluationError?: string } }>({
        method: "POST", path: pathOf(accessReviews), call: call("create", accessReviews),
        body: { apiVersion: "authorization.k8s.io/v1", kind: "SelfSubjectAccessReview", spec: { resourceAttributes: { verb, group, resource, subresource, namespace, name } } },
      });
      const { allowed, reason, evaluationError } = review.status;
      return { allowed, reason: reason || evaluationError || "" };
    },

    watch: (resource, settings) =>
      watch(connection, clock, resource, { ...settings, signal: settings.signal ? AbortSignal.any([settings.signal, ended.signal]) : ended.signal }, outage),

    close() {
      ended.abort();
      connection.close();
    },
  };
  return api;
}
