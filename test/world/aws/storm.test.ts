import { Fis } from "@aws-sdk/client-fis";
import { afterAll, beforeAll } from "vitest";
import { ec2, fisExperiment, spotInterruption, zoneLoss } from "../../../drivers/kubernetes/aws/index.ts";
import type { NodeRef } from "../../../drivers/kubernetes/machines/machines.ts";
import type { Cluster } from "../../../src/model/cluster.ts";
import type { Fault } from "../../../src/model/fault.ts";
import type { Sea } from "../../contract/cluster.ts";
import { faultContract } from "../../contract/fault.ts";
import { kubernetesOf } from "../../drivers/kubernetes/aws/facade.ts";
import { facts } from "../../drivers/local/sea.ts";
import { abroad, type Abroad } from "./abroad.ts";
import { accountOf, idOf, ownerOf, region, type Account } from "./account.ts";
import type { Gate } from "./gate.ts";
import { describeMoto, type Moto } from "./moto.ts";

const role = "arn:aws:iam::123456789012:role/fis";

/**
 * Faults of AWS on a service of real processes: moto keeps instances and experiments as AWS does, and what
 * AWS would do to a node by them is done to the node of that name. Which of AWS's answers make what happen is
 * from its documentation; no real account was harmed.
 */
describeMoto("faults of AWS", () => {
  let server: Moto;
  let door: Gate;
  let aws: Abroad;
  let account: Account;
  let template: string;

  beforeAll(async () => {
    aws = await abroad();
    ({ server, door } = aws);
    account = await accountOf(server.endpoint);
    const fis = new Fis(ownerOf(server.endpoint));
    template = (await fis.createExperimentTemplate({
      clientToken: "storm", description: "a test", roleArn: role, stopConditions: [{ source: "none" }],
      targets: { nodes: { resourceType: "aws:ec2:instance", selectionMode: "COUNT(1)", resourceTags: { team: "shop" } } },
      actions: { stop: { actionId: "aws:ec2:stop-instances", parameters: { startInstancesAfterDuration: "PT1M" }, targets: { Instances: "nodes" } } },
    })).experimentTemplate!.id!;
    // Long enough that the platform notices before the instances are started again.
    await server.post("state-manager/set-transition", JSON.stringify({ model_name: "fis::experiment", transition: { progression: "time", seconds: 1 } }));
  }, 120_000);
  afterAll(async () => {
    await aws?.[Symbol.asyncDispose]();
  });

  /** A cluster whose nodes are spot instances, the first of them in a zone of its own. */
  async function board(sea: Sea): Promise<Sea> {
    const { cluster } = sea;
    const refs = new Map<string, NodeRef>();
    for (const { name } of await cluster.nodes()) refs.set(name, await account.node("a", { spot: true }));
    const nodeOf = (id: string): string => [...refs].find(([, ref]) => idOf(ref) === id)![0];
    door.heard = amazon(cluster, refs, nodeOf);
    const facade = kubernetesOf(cluster, (name) => ({ providerID: refs.get(name)!.providerID!, labels: { "topology.kubernetes.io/zone": name === [...refs.keys()][0] ? "zone-1" : "zone-2" } }), ec2({ region, endpoint: door.endpoint }));
    return { ...sea, cluster: facade };
  }

  /** What AWS does to the nodes by each call. */
  function amazon(cluster: Cluster, refs: ReadonlyMap<string, NodeRef>, nodeOf: (id: string) => string): Gate["heard"] {
    let stopped: string | undefined;
    const taken = new Set<string>();
    return async (call, asked, answer) => {
      if (call === "ModifyNetworkInterfaceAttribute") {
        const words = new URLSearchParams(asked);
        const [one] = (await account.ec2.describeNetworkInterfaces({ NetworkInterfaceIds: [words.get("NetworkInterfaceId")!] })).NetworkInterfaces!;
        const node = nodeOf(one!.Attachment!.InstanceId!);
        if (one!.Groups![0]!.GroupName === "seatrial-isolated") await cluster.cutNode(node);
        else if (one!.Groups![0]!.GroupName !== "seatrial-opened") await cluster.restoreNode(node);
      }
      if (call === "POST /experiments" && answer.includes("aws:ec2:stop-instances")) {
        stopped = [...refs.keys()][1]!;
        await cluster.stopNode(stopped);
      }
      if (/^GET \/experiments\/./.test(call)) {
        const { experiment } = JSON.parse(answer) as { experiment: { state: { status: string }; targets: Record<string, { resourceArns?: string[] }> } };
        if (!/^(completed|stopped)$/.test(experiment.state.status)) return;
        if (stopped !== undefined) await cluster.restoreNode(stopped);
        if (experiment.state.status === "completed") for (const arn of experiment.targets["nodes"]?.resourceArns ?? []) await takeBack(arn.replace(/.*\//, ""));
      }
      // Whoever provides nodes starts another of that name.
      if (call.startsWith("DELETE /experimentTemplates/")) for (const name of refs.keys()) await cluster.restoreNode(name);
    };
    async function takeBack(id: string): Promise<void> {
      if (taken.has(id)) return;
      taken.add(id);
      await account.ec2.terminateInstances({ InstanceIds: [id] });
      await cluster.stopNode(nodeOf(id));
    }
  }

  /** The address of the gate is known only later. */
  const later = (make: () => Fault<any, any, any>, { kind, harm, mendedBy, costs }: Fault<any, any, any>): Fault<any, any, any> => ({
    kind, harm, mendedBy, costs,
    aim: (...words) => make().aim(...words), inject: (...words) => make().inject(...words), recovered: (...words) => make().recovered(...words), heal: (...words) => make().heal(...words),
  });
  const fis = (endpoint: string, id: string) => fisExperiment({ region, endpoint, template: id, harms: { nodes: 1 } });
  const spot = (endpoint: string) => spotInterruption({ region, endpoint, fisRole: role });
  const nowhere = "http://127.0.0.1:1";

  faultContract("AWS", { ...facts, withinMs: 40_000, sail: (play) => facts.sail(async (sea) => play(await board(sea))) }, [
    { title: "a zone cut off by security groups", fault: zoneLoss("zone-1", { nodes: 1 }) },
    { title: "an experiment of FIS that stops a node, and starts it again", fault: later(() => fis(door.endpoint, template), fis(nowhere, "EXT00000")) },
    { title: "a spot instance taken back", fault: later(() => spot(door.endpoint), spot(nowhere)) },
  ]);
});
