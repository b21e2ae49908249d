import { expect, test } from "vitest";
import { connect, kubernetes, resources } from "../../../drivers/kubernetes/index.ts";
import type { Target } from "../../../src/index.ts";
import type { Consent } from "../../../src/model/consent.ts";
import { seeded } from "../../../src/units/random.ts";
import { bed, describeInBed } from "../bed.ts";
import { clock } from "../kubernetes/sea.ts";
import { onOneNode, ashore, person, recordsIn, renamed, storms, type Shore } from "./shore.ts";

/** Opens the cluster of a shop, and hands over its guard. */
async function guarded(shore: Shore, consent: Consent, play: (against: (targets: readonly Target[], even?: object) => Promise<string[]>, closed: () => Promise<string[]>) => Promise<void>): Promise<void> {
  const place = kubernetes({ context: bed.name, kubeconfig: bed.kubeconfig, namespaces: [shore.namespace, "default"], mayLose: { pods: 1 } });
  const cluster = await place.open({ clock, random: seeded(1), signal: new AbortController().signal, run: "guarded", folder: undefined, consent, say: () => undefined });
  const codes = (errors: readonly { readonly code: string }[]) => errors.map(({ code }) => code);
  try {
    await play(
      async (targets, even = {}) => codes(await cluster.guard!.against({ run: "guarded", fault: "any", targets, may: { even } })),
      async () => codes(await cluster.guard!.closed()),
    );
  } finally {
    await cluster.close();
  }
}

describeInBed("consent", () => {
  test("nothing is harmed without a word, with the name of another context, or where it looks like production", () =>
    ashore(async (shore) => {
      const before = await shore.api.list(resources.pods, { namespace: shore.namespace });
      shore.scenario("loss.ts", storms["pod-loss"]);
      expect(await shore.seatrial(["run", "loss.ts"])).toMatchObject({ code: 3, err: expect.stringContaining("SEA_NO_CONSENT") });
      expect(await shore.seatrial(["run", "loss.ts", "--harm", `${bed.name}x`])).toMatchObject({ code: 3, err: expect.stringContaining("SEA_NO_CONSENT") });

      const live = renamed(shore.home, "shop-prod");
      shore.scenario("live.ts", storms["pod-loss"], { context: "shop-prod" });
      expect(await shore.seatrial(["run", "live.ts", "--harm", "shop-prod"], live)).toMatchObject({ code: 3, err: expect.stringMatching(/SEA_PRODUCTION[\s\S]*context shop-prod[\s\S]*--even production/) });
      expect(await shore.seatrial(["run", "live.ts", "--harm", "shop-prod", "--even", "yes"], live)).toMatchObject({ code: 3 });

      await shore.api.patch(resources.namespaces, shore.namespace, undefined, { merge: { metadata: { labels: { env: "prod" } } } });
      expect(await shore.seatrial(["run", "loss.ts", "--harm", bed.name])).toMatchObject({ code: 3, err: expect.stringMatching(/SEA_PRODUCTION[\s\S]*has the label env=prod/) });
      const { out } = await shore.seatrial(["plan", "loss.ts", "--on", bed.name, "--seed", "7"]);
      expect(out).toMatch(/LOOKS LIKE PRODUCTION: namespace [\w-]+ has the label env=prod/);
      expect(out).toContain(`--harm ${bed.name} --even production`);

      const pods = await shore.api.list(resources.pods, { namespace: shore.namespace });
      expect(pods.map(({ metadata }) => metadata.uid).sort()).toEqual(before.map(({ metadata }) => metadata.uid).sort());

      const run = await shore.seatrial(["run", "loss.ts", "--harm", bed.name, "--even", "production", "--seed", "7", "--out", "run"]);
      expect(run.err).toContain("LOOKS LIKE PRODUCTION");
      expect([0, 2]).toContain(run.code);
      // The plan's target is the one that was hit.
      const [, target] = /storm: pod (\S+)/.exec(out)!;
      expect(pods.map(({ metadata }) => metadata.name)).toContain(target);
      expect((await shore.api.list(resources.pods, { namespace: shore.namespace })).map(({ metadata }) => metadata.name)).not.toContain(target);
      expect(await recordsIn(shore)).toEqual([]);
    }));

  test("a cluster that was opened without consent refuses by itself, whoever plays", () =>
    ashore(async (shore) => {
      await guarded(shore, {}, async (_, closed) => expect(await closed()).toEqual(["SEA_NO_CONSENT"]));
      await guarded(shore, { harm: bed.name }, async (_, closed) => expect(await closed()).toEqual([]));
    }));

  test("what is protected is refused, each for its own reason, and can be lifted by name", () =>
    ashore(async (shore) => {
      const { api, namespace } = shore;
      await onOneNode(shore);
      const pods = (await api.list(resources.pods, { namespace })).filter(({ metadata }) => metadata.deletionTimestamp === undefined).map(({ metadata }) => metadata.name);
      await guarded(shore, { harm: bed.name }, async (against) => {
        const targets = (...names: readonly string[]): Target[] => names.map((name) => ({ what: "pod", name }));
        expect(await against(targets(pods[0]!))).toEqual([]);
        expect(await against(targets(...pods))).toEqual(["SEA_PROTECTED_LAST"]);
        expect(await against(targets(...pods), { last: ["shop"] })).toEqual([]);
        expect(await against([{ what: "workload", name: "kube-system/coredns" }])).toEqual(["SEA_NAMESPACE_UNNAMED", "SEA_PROTECTED_SYSTEM"]);
        expect(await against([{ what: "object", name: "secret/x", namespace: "kube-system" }], { system: ["kube-system"] })).toEqual(["SEA_NAMESPACE_UNNAMED"]);
        expect(await against([{ what: "namespace", name: namespace }])).toEqual(["SEA_UNDO_INSIDE"]);
        expect(await against([{ what: "namespace", name: "default" }])).toEqual([]);
        // One node has all that the shop has.
        expect(await against([{ what: "node", name: "node1" }], { last: ["shop"] })).toEqual([]);
        expect(await against([{ what: "node", name: "node1" }])).toContain("SEA_PROTECTED_LAST");

        await api.patch(resources.pods, pods[0]!, namespace, { merge: { metadata: { labels: { "seatrial.dev/part": "runner" } } } });
        expect(await against([{ what: "node", name: "node1" }], { last: ["shop"] })).toEqual(["SEA_PROTECTED_OWN"]);
        expect(await against(targets(pods[0]!))).toEqual(["SEA_PROTECTED_OWN"]);
        expect(await against([{ what: "node", name: "node1" }], { last: ["shop"], own: ["node1"] })).toEqual([]);

        const label = "node-role.kubernetes.io/control-plane";
        try {
          await api.patch(resources.nodes, "node1", undefined, { merge: { metadata: { labels: { [label]: "" } } } });
          expect(await against([{ what: "node", name: "node1" }], { last: ["shop"], own: ["node1"] })).toEqual(["SEA_PROTECTED_CONTROL_PLANE"]);
          expect(await against([{ what: "node", name: "node1" }], { last: ["shop"], own: ["node1"], controlPlane: ["node1"] })).toEqual([]);
        } finally {
          await api.patch(resources.nodes, "node1", undefined, { merge: { metadata: { labels: { [label]: null } } } });
        }
      });
    }));

  test("a storm that aims at more than may be lost harms nothing, and says so", () =>
    ashore(async (shore) => {
      shore.scenario("all.ts", `fault: podLoss("shop", { count: "100%", evenLast: true }), recover: { by: "platform", within: "20s" }`, { mayLose: `{ pods: "100%" }` });
      const before = (await shore.api.list(resources.pods, { namespace: shore.namespace })).map(({ metadata }) => metadata.uid).sort();
      const run = await shore.seatrial(["run", "all.ts", "--harm", bed.name, "--out", "run"]);
      expect(`${run.out}${run.err}`).toContain("SEA_PROTECTED_LAST");
      expect([1, 2]).toContain(run.code);
      expect((await shore.api.list(resources.pods, { namespace: shore.namespace })).map(({ metadata }) => metadata.uid).sort()).toEqual(before);
      expect(await recordsIn(shore)).toEqual([]);
    }));

  test("credentials that have expired end the run before it begins, with what to do", () =>
    ashore(async (shore) => {
      shore.scenario("loss.ts", storms["pod-loss"]);
      const { code, err } = await shore.seatrial(["run", "loss.ts", "--harm", bed.name], person("late", -60_000));
      expect(code).toBe(3);
      expect(err).toMatch(/SEA_KUBE_(UNAUTHORISED|TLS)/);
      expect(await recordsIn(shore)).toEqual([]);
    }));

  test("a server that is not there is told, too", () =>
    ashore(async (shore) => {
      shore.home.write({ "away.kubeconfig": (await import("node:fs")).readFileSync(bed.kubeconfig, "utf8").replace(":6443", ":6444") });
      const { code, err } = await shore.seatrial(["heal", "--on", bed.name], shore.home.path("away.kubeconfig"));
      expect({ code, err }).toMatchObject({ code: 3, err: expect.stringContaining("SEA_KUBE_UNREACHABLE") });
      await expect(connect({ context: "nowhere", kubeconfig: bed.kubeconfig, clock })).rejects.toMatchObject({ code: "SEA_KUBE_CONTEXT" });
    }));
});
