import { Fis } from "@aws-sdk/client-fis";
import { afterAll, beforeAll, expect, test } from "vitest";
import { iamPolicy, spotInterruption, type SpotAim, type SpotSettings } from "../../../drivers/kubernetes/aws/index.ts";
import { healSpot } from "../../../drivers/kubernetes/aws/spot.ts";
import type { KubernetesCluster } from "../../../drivers/kubernetes/cluster/cluster.ts";
import { sim } from "../../../src/sim/index.ts";
import { realClock } from "../../../src/units/clock.ts";
import { seeded } from "../../../src/units/random.ts";
import { kubernetesOf } from "../../drivers/kubernetes/aws/facade.ts";
import { contextOf, shopOptions } from "../../sim/sea.ts";
import { abroad, type Abroad } from "./abroad.ts";
import { accountOf, idOf, ownerOf, region, type Account } from "./account.ts";
import type { Gate } from "./gate.ts";
import { describeMoto, type Moto } from "./moto.ts";

const fisRole = "arn:aws:iam::123456789012:role/fis";

describeMoto("spot instances taken back", () => {
  let server: Moto;
  let door: Gate;
  let aws: Abroad;
  let account: Account;
  let fis: Fis;
  let cluster: KubernetesCluster;
  let spots: readonly string[];
  beforeAll(async () => {
    aws = await abroad();
    ({ server, door } = aws);
    account = await accountOf(server.endpoint);
    fis = new Fis(ownerOf(server.endpoint));
    await server.post("state-manager/set-transition", JSON.stringify({ model_name: "fis::experiment", transition: { progression: "manual", times: 1 } }));
    const world = await sim({ ...shopOptions, nodes: 4 }).open(contextOf(realClock()));
    const [first, second] = [await account.node("a", { spot: true }), await account.node("b", { spot: true })];
    const ids: Readonly<Record<string, string>> = {
      "workers-1": (await account.node()).providerID!, "workers-2": first.providerID!, "workers-3": second.providerID!,
      // A node of Fargate is no instance, and no reason to give up.
      "workers-4": `aws:///${region}a/fargate-ip-10-0-1-2.${region}.compute.internal`,
    };
    spots = [idOf(first), idOf(second)];
    cluster = kubernetesOf(world, (name) => ({ providerID: ids[name]! }));
  }, 120_000);
  afterAll(async () => {
    await cluster?.close();
    await aws?.[Symbol.asyncDispose]();
  });
  const fault = (more: Partial<SpotSettings> = {}) => spotInterruption({ region, endpoint: door.endpoint, fisRole, ...more });
  const templates = async () => (await fis.listExperimentTemplates({ maxResults: 100 })).experimentTemplates!;

  test("are aimed at among all nodes, and among no others", async () => {
    const both = await fault({ count: 2 }).aim(cluster, seeded(1));
    expect(both).toMatchObject({ nodes: ["workers-2", "workers-3"], arns: both.instances.map((id) => `arn:aws:ec2:${region}:123456789012:instance/${id}`) });
    expect([...both.instances].sort()).toEqual([...spots].sort());
    for (let seed = 0; seed < 5; seed++) expect(["workers-2", "workers-3"]).toContain((await fault().aim(cluster, seeded(seed))).nodes[0]);
    await expect(fault({ count: 3 }).aim(cluster, seeded(1))).rejects.toMatchObject({ code: "SEA_AIM_EMPTY" });
    await expect(fault({ pool: "gpu" }).aim(cluster, seeded(1))).rejects.toMatchObject({ code: "SEA_AIM_EMPTY" });
  });

  test("get the notice that was asked for, by a template that FIS finds whole and heal removes", async () => {
    const alarm = `arn:aws:cloudwatch:${region}:123456789012:alarm:errors`;
    const one = fault({ notice: "150s", alarms: [alarm] });
    const aim = await one.aim(cluster, seeded(2));
    await one.inject(cluster, aim);
    await one.inject(cluster, aim);
    const [made, ...more] = await templates();
    expect(more).toEqual([]);
    const { experimentTemplate } = await fis.getExperimentTemplate({ id: made!.id! });
    expect(experimentTemplate).toMatchObject({
      roleArn: fisRole, tags: { "seatrial-run": "run-1", "seatrial-token": aim.token },
      stopConditions: [{ source: "aws:cloudwatch:alarm", value: alarm }],
      targets: { nodes: { resourceType: "aws:ec2:spot-instance", resourceArns: aim.arns, selectionMode: "ALL" } },
      actions: { interrupt: { actionId: "aws:ec2:send-spot-instance-interruptions", parameters: { durationBeforeInterruption: "PT2M30S" }, targets: { SpotInstances: "nodes" } } },
    });
    expect(await one.recovered(cluster, aim)).toBe(false);
    for (let looks = 0; looks < 10 && !(await one.heal(cluster, aim)); looks++);
    expect(await templates()).toEqual([]);
    expect(await one.heal(cluster, aim)).toBe(true);
  });

  test("leave no template and no experiment under way, whichever call was the runner's last", async () => {
    for (let last = 0, isDone = false; !isDone; last++) {
      const one = fault();
      const aim: SpotAim = { ...(await one.aim(cluster, seeded(3))), token: `dies-${last}` };
      const from = door.calls.length;
      isDone = true;
      door.bar = () => (door.calls.length - from >= last ? ((isDone = false), { status: 400, body: '{"message":"the runner is dead"}' }) : undefined);
      await one.inject(cluster, aim).catch(() => undefined);
      door.bar = () => undefined;
      const other = { ...aim, aws: { ...aim.aws, endpoint: server.endpoint } };
      for (let looks = 0; looks < 20 && !(await healSpot(cluster, other)); looks++);
      expect(await templates(), `after ${last} calls`).toEqual([]);
      const states = (await fis.listExperiments({ maxResults: 100 })).experiments!.map(({ state }) => state!.status!);
      expect(states.filter((state) => !["completed", "stopped"].includes(state))).toEqual([]);
    }
  });

  test("that FIS could not interrupt are told, and nothing is left", async () => {
    const one = fault();
    const aim = await one.aim(cluster, seeded(4));
    await one.inject(cluster, aim);
    door.bar = (call) => (/^GET \/experiments\/./.test(call) ? { status: 200, body: JSON.stringify({ experiment: { id: "x", state: { status: "failed", reason: "the role may not do it" } } }) } : undefined);
    await expect(one.recovered(cluster, aim)).rejects.toMatchObject({ code: "SEA_HARM_MISSED", message: expect.stringContaining("the role may not do it") });
    expect(await one.heal(cluster, aim)).toBe(true);
    door.bar = () => undefined;
    expect(await templates()).toEqual([]);
  });

  test("need a policy that names the role to be passed on, and to whom", () => {
    const { Statement } = iamPolicy(fault().awsNeeds, { region, account: "123456789012" });
    expect(Statement.find(({ Action }) => Action.includes("iam:PassRole"))).toMatchObject({ Resource: [fisRole], Condition: { StringEquals: { "iam:PassedToService": "fis.amazonaws.com" } } });
  });
});
