import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { Fis } from "@aws-sdk/client-fis";
import { fisExperiment, iamPolicy, type FisSettings } from "../../../drivers/kubernetes/aws/index.ts";
import { healFis } from "../../../drivers/kubernetes/aws/fis.ts";
import type { KubernetesCluster } from "../../../drivers/kubernetes/cluster/cluster.ts";
import { sim } from "../../../src/sim/index.ts";
import { realClock } from "../../../src/units/clock.ts";
import { seeded } from "../../../src/units/random.ts";
import { kubernetesOf } from "../../drivers/kubernetes/aws/facade.ts";
import { contextOf, shopOptions } from "../../sim/sea.ts";
import { abroad, type Abroad } from "./abroad.ts";
import { ownerOf, region } from "./account.ts";
import type { Gate } from "./gate.ts";
import { describeMoto, type Moto } from "./moto.ts";

const arn = (id: string) => `arn:aws:ec2:${region}:123456789012:instance/${id}`;
const clock = realClock();

/** moto keeps experiments as FIS does, and harms nothing: what happens to the cluster is another suite's. */
describeMoto("experiments of FIS", () => {
  let server: Moto;
  let door: Gate;
  let aws: Abroad;
  let fis: Fis;
  let cluster: KubernetesCluster;
  const template = async (targets: Record<string, object>, stopConditions: { source: string; value?: string }[] = [{ source: "none" }]): Promise<string> => {
    const { experimentTemplate } = await fis.createExperimentTemplate({
      clientToken: `${Math.random()}`, description: "a test", roleArn: "arn:aws:iam::123456789012:role/fis", stopConditions,
      targets: targets as Record<string, { resourceType: string; selectionMode: string }>,
      actions: { stop: { actionId: "aws:ec2:stop-instances", parameters: { startInstancesAfterDuration: "PT1M", completeIfInstancesTerminated: "true" }, targets: { Instances: Object.keys(targets)[0] ?? "" } } },
    });
    return experimentTemplate!.id!;
  };
  const one = { nodes: { resourceType: "aws:ec2:instance", selectionMode: "COUNT(1)", resourceArns: [arn("i-0123456789abcdef0"), arn("i-0123456789abcdef1")] } };
  let known: string;
  const faultOf = (id: string, more: Partial<FisSettings> = {}) => fisExperiment({ region, endpoint: door.endpoint, template: id, harms: { nodes: 1 }, ...more });
  const experiments = async () => (await fis.listExperiments({ maxResults: 100 })).experiments!;

  beforeAll(async () => {
    aws = await abroad();
    ({ server, door } = aws);
    fis = new Fis(ownerOf(server.endpoint));
    cluster = kubernetesOf(await sim(shopOptions).open(contextOf(clock)), () => ({}));
    // Each state stays for two looks.
    await server.post("state-manager/set-transition", JSON.stringify({ model_name: "fis::experiment", transition: { progression: "manual", times: 2 } }));
    known = await template(one);
  }, 120_000);
  afterAll(async () => {
    await cluster?.close();
    await aws?.[Symbol.asyncDispose]();
  });
  afterEach(() => void (door.bar = () => undefined));

  test("is started once, with the run's tags, followed, and complete at the end", async () => {
    const fault = faultOf(known);
    const aim = await fault.aim(cluster, seeded(1));
    expect(aim).toMatchObject({ targets: [{ what: "node", name: "nodes#1" }], template: known, stops: [], wanted: { shop: 4, cart: 2 } });
    expect(await fault.recovered(cluster, aim)).toBe(false);
    await fault.inject(cluster, aim);
    await fault.inject(cluster, aim);
    const mine = (await experiments()).filter(({ tags }) => tags!["seatrial-token"] === aim.token);
    expect(mine).toMatchObject([{ experimentTemplateId: known, tags: { "seatrial-run": "run-1", Name: "Seatrial" } }]);
    const seen: boolean[] = [];
    while (seen.at(-1) !== true && seen.length < 20) seen.push(await fault.recovered(cluster, aim));
    expect(seen.length).toBeGreaterThan(3);
    expect(seen.at(-1)).toBe(true);
    expect(await fault.heal(cluster, aim)).toBe(true);
  });

  test("is stopped by another process, which knows no more than the aim", async () => {
    const fault = faultOf(known);
    const aim = await fault.aim(cluster, seeded(2));
    await fault.inject(cluster, aim);
    const plain = JSON.parse(JSON.stringify({ ...aim, aws: { ...aim.aws, endpoint: server.endpoint } })) as typeof aim;
    expect(await healFis(cluster, plain)).toBe(false);
    for (let looks = 0; looks < 10 && !(await healFis(cluster, plain)); looks++);
    expect((await experiments()).find(({ tags }) => tags!["seatrial-token"] === aim.token)!.state!.status).toBe("stopped");
    expect(await healFis(cluster, plain)).toBe(true);
    await expect(fault.recovered(cluster, aim)).rejects.toMatchObject({ message: expect.stringContaining("stopped") });
  });

  test("another run of the same chance starts another one", async () => {
    const fault = faultOf(known);
    const other = new Proxy(cluster, { get: (target, key) => (key === "run" ? "run-2" : Reflect.get(target, key)) as unknown });
    const [first, second] = [await fault.aim(cluster, seeded(3)), await fault.aim(other, seeded(3))];
    expect(first.token).not.toBe(second.token);
    expect(await fault.aim(cluster, seeded(3))).toEqual(first);
  });

  const begun = { stop: { startTime: 1, state: { status: "failed" } } };
  test.each([
    ["failed", { reason: "an action failed" }, begun, "SEA_FIS_ENDED"],
    ["stopped", { reason: "halted by an alarm" }, begun, "SEA_FIS_ENDED"],
    ["failed", { reason: "the role is wrong" }, { stop: { state: { status: "cancelled" } } }, "SEA_HARM_MISSED"],
    ["cancelled", { reason: "the safety lever is engaged" }, {}, "SEA_HARM_MISSED"],
  ])("that ended as %s (%j) is told with FIS's reason, and healed", async (status, state, actions, code) => {
    const fault = faultOf(known);
    const aim = { ...(await fault.aim(cluster, seeded(5))), token: `ends-${status}-${code}` };
    await fault.inject(cluster, aim);
    door.bar = (call) => (/^GET \/experiments\/./.test(call) ? { status: 200, body: JSON.stringify({ experiment: { id: "x", state: { status, ...state }, actions } }) } : undefined);
    await expect(fault.recovered(cluster, aim)).rejects.toMatchObject({ code, message: expect.stringContaining(state.reason) });
    expect(await fault.heal(cluster, aim)).toBe(true);
  });

  describe("the aim", () => {
    test.each([
      ["more than is allowed", { nodes: { ...one.nodes, selectionMode: "ALL" } }, { nodes: 1 }, "SEA_AIM_MANY"],
      ["what nothing was said of", { pods: { resourceType: "aws:eks:pod", selectionMode: "COUNT(1)", parameters: {} } }, { nodes: 1 }, "SEA_AIM_MANY"],
      ["nothing", {}, { nodes: 1 }, "SEA_AIM_EMPTY"],
    ])("at %s is refused", async (_, targets, harms, code) => {
      await expect(faultOf(await template(targets as Record<string, object>), { harms }).aim(cluster, seeded(1))).rejects.toMatchObject({ code });
    });
    test("at what only FIS will count takes the scenario's word", async () => {
      const id = await template({ some: { resourceType: "aws:ec2:instance", selectionMode: "PERCENT(50)", resourceTags: { team: "shop" } } }, [{ source: "aws:cloudwatch:alarm", value: "arn:aws:cloudwatch:eu-central-1:123456789012:alarm:errors" }]);
      const aim = await faultOf(id, { harms: { nodes: 3 } }).aim(cluster, seeded(1));
      expect(aim.targets.map(({ name }) => name)).toEqual(["some#1", "some#2", "some#3"]);
      expect(aim.stops).toEqual(["arn:aws:cloudwatch:eu-central-1:123456789012:alarm:errors"]);
    });
    test("at a template that is not there is refused", async () => {
      await expect(faultOf("EXT0123456789abc").aim(cluster, seeded(1))).rejects.toMatchObject({ code: "SEA_AIM_EMPTY", message: expect.stringContaining("EXT0123456789abc") });
    });
  });

  test("a preview skips every action, and says what would be harmed", async () => {
    const before = new Set((await experiments()).map(({ id }) => id));
    const chosen = await faultOf(known).preview(clock, "plan-1", "preview-1");
    expect(chosen).toEqual(one.nodes.resourceArns.map((resource) => ({ target: "nodes", resourceType: "aws:ec2:instance", resource })));
    const made = (await experiments()).filter(({ id }) => !before.has(id));
    expect(made).toHaveLength(1);
    // The installed package may be too old to read this itself.
    const raw = await (await fetch(`${server.endpoint}/experiments/${made[0]!.id}`, { headers: { authorization: `AWS4-HMAC-SHA256 Credential=owner/20260101/${region}/fis/aws4_request, SignedHeaders=host, Signature=0` } })).json() as { experiment: { experimentOptions: { actionsMode: string } } };
    expect(raw.experiment.experimentOptions.actionsMode).toBe("skip-all");
  }, 60_000);

  test("the calls that it makes are those of its policy", async () => {
    door.calls.length = 0;
    const fault = faultOf(known);
    const aim = await fault.aim(cluster, seeded(6));
    await fault.inject(cluster, aim);
    await healFis(cluster, JSON.parse(JSON.stringify(aim)) as typeof aim);
    await fault.preview(clock, "plan-2", "preview-2");
    const words: Readonly<Record<string, string>> = {
      "GET /experimentTemplates/*": "fis:GetExperimentTemplate", "POST /experiments": "fis:StartExperiment", "GET /experiments": "fis:ListExperiments",
      "GET /experiments/*": "fis:GetExperiment", "DELETE /experiments/*": "fis:StopExperiment", "GET /experiments/*/resolvedTargets": "fis:ListExperimentResolvedTargets",
    };
    const made = new Set(door.calls.map((call) => words[call.replace(/(\/experiment\w*)\/[^/]+/, "$1/*")] ?? call));
    const allowed = iamPolicy(fault.awsNeeds, { region, account: "123456789012" }).Statement.flatMap(({ Action }) => Action);
    expect([...made].filter((call) => !allowed.includes(call))).toEqual([]);
    // Tags are set by the start itself.
    expect(allowed.filter((action) => !made.has(action)).sort()).toEqual(["fis:ListExperiments", "fis:TagResource"]);
  }, 60_000);
});
