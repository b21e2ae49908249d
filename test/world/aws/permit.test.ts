import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ec2, iamPolicy, type MachineVerb } from "../../../drivers/kubernetes/aws/index.ts";
import type { NodeRef } from "../../../drivers/kubernetes/machines/machines.ts";
import { accountOf, profiles, region } from "./account.ts";
import { gate, type Gate } from "./gate.ts";
import { roleOf, userOf } from "./identity.ts";
import { describeMoto, moto, type Moto } from "./moto.ts";

/** What each does, and undoes. */
const deeds: Readonly<Record<string, { readonly verbs: readonly MachineVerb[]; readonly play: (machines: ReturnType<typeof ec2>, node: NodeRef) => Promise<unknown> }>> = {
  stop: { verbs: ["stop"], play: async (machines, node) => (await machines.stop(node), await machines.start(node)) },
  reboot: { verbs: ["reboot"], play: (machines, node) => machines.reboot(node) },
  cut: { verbs: ["cut"], play: async (machines, node) => (await machines.cut(node), await machines.mend(node)) },
  terminate: { verbs: ["terminate"], play: (machines, node) => machines.terminate(node) },
};
const given = { region, established: "drop", holdGroup: true } as const;
const actionsOf = (verbs: readonly MachineVerb[]): readonly string[] =>
  iamPolicy(ec2(given).needs(verbs), { region }).Statement.flatMap(({ Action }) => Action);

/**
 * Not needed on a good day: rules that a group has, or lacks, only where somebody else had a hand in it, and
 * health that only AWS takes away.
 */
const spare = ["ec2:RevokeSecurityGroupIngress", "ec2:AuthorizeSecurityGroupEgress", "autoscaling:SetInstanceHealth"];

describeMoto("permission in AWS", () => {
  let server: Moto;
  let door: Gate;
  let secrets: AsyncDisposable;
  let nodes: readonly NodeRef[];
  let role: string;
  const actions = (deed: string) => [...new Set(actionsOf(deeds[deed]!.verbs))];
  const lacks = Object.keys(deeds).flatMap((deed) => actions(deed).filter((one) => !spare.includes(one)).map((action) => [deed, action] as const));

  beforeAll(async () => {
    server = await moto();
    door = await gate(server.endpoint);
    const account = await accountOf(server.endpoint);
    nodes = (await account.workers(Object.keys(deeds).length)).nodes;
    const keys: Record<string, { id: string; secret: string }> = { nobody: { id: "nobody", secret: "nothing" } };
    for (const deed of Object.keys(deeds)) keys[deed] = await userOf(server.endpoint, deed, actions(deed));
    for (const [deed, action] of lacks) keys[`${deed}-${action.replace(":", "-")}`] = await userOf(server.endpoint, `${deed}-${action.replace(":", "-")}`, actions(deed).filter((one) => one !== action));
    role = await roleOf(server.endpoint, "game-day", actions("stop"));
    keys["caller"] = await userOf(server.endpoint, "caller", ["sts:AssumeRole"]);
    secrets = await profiles(keys);
    // From now on moto checks signatures and policies.
    await server.post("reset-auth", "0");
  }, 120_000);
  afterAll(async () => {
    await door?.[Symbol.asyncDispose]();
    await server?.[Symbol.asyncDispose]();
    await secrets?.[Symbol.asyncDispose]();
  });

  const machinesOf = (profile: string) => ec2({ ...given, endpoint: door.endpoint, profile });

  test.each(lacks)("%s is refused without %s, by its name", async (deed, action) => {
    const machines = machinesOf(`${deed}-${action.replace(":", "-")}`);
    const [node] = nodes;
    await expect(deeds[deed]!.play(machines, node!)).rejects.toMatchObject({ code: "SEA_AWS_DENIED", message: expect.stringContaining(action), hint: expect.stringContaining(action) });
    // Whoever may do it all puts things right.
    await machinesOf("stop").start(node!);
    await machinesOf("cut").mend(node!);
    if (deed === "stop" || deed === "cut") expect(await machinesOf(deed).state(node!)).toBe("up");
  });

  test.each(Object.keys(deeds))("the policy that is printed is enough to %s", async (deed) => {
    await deeds[deed]!.play(machinesOf(deed), nodes[Object.keys(deeds).indexOf(deed)]!);
  });

  test("a dry run says which calls are allowed, and changes nothing", async () => {
    door.calls.length = 0;
    const permits = await machinesOf("stop").permits(["stop", "cut", "reboot"], [nodes[0]!]);
    const by = (allowed: boolean | undefined) => permits.filter((one) => one.allowed === allowed).map(({ action }) => action);
    expect(by(true)).toEqual(["ec2:DescribeInstances", "ec2:StopInstances", "ec2:StartInstances", "autoscaling:DescribeAutoScalingGroups"]);
    expect(by(false)).toEqual(["ec2:DescribeNetworkInterfaces", "ec2:DescribeSecurityGroups", "ec2:RebootInstances"]);
    expect(permits.find(({ action }) => action === "ec2:RebootInstances")!.why).toContain("may not do ec2:RebootInstances");
    expect(permits.find(({ action }) => action === "autoscaling:SuspendProcesses")).toMatchObject({ allowed: undefined, why: "Auto Scaling has no dry run" });
    expect(await machinesOf("stop").state(nodes[0]!)).toBe("up");
    expect(door.calls.filter((call) => /Suspend|Resume|Health$|OrUpdate/.test(call))).toEqual([]);

    const cutting = await machinesOf("cut").permits(["cut"], [nodes[0]!]);
    expect(cutting.filter(({ action, allowed }) => !allowed && action.startsWith("ec2:")).map(({ action, why }) => [action, why])).toEqual(
      ["ec2:DeleteSecurityGroup", "ec2:RevokeSecurityGroupEgress", "ec2:RevokeSecurityGroupIngress", "ec2:AuthorizeSecurityGroupIngress", "ec2:AuthorizeSecurityGroupEgress"].map((action) => [action, "the security group that it is for is made only then"]),
    );
  });

  test("keys that AWS does not know", async () => {
    await expect(machinesOf("nobody").state(nodes[0]!)).rejects.toMatchObject({ code: "SEA_AWS_EXPIRED" });
  });

  describe("a role", () => {
    test("is taken on", async () => {
      const machines = ec2({ ...given, endpoint: door.endpoint, profile: "caller", role });
      await machines.stop(nodes[0]!);
      await machines.start(nodes[0]!);
      expect(await machines.state(nodes[0]!)).toBe("up");
      await expect(machines.reboot(nodes[0]!)).rejects.toMatchObject({ code: "SEA_AWS_DENIED", message: expect.stringMatching(/assumed-role\/game-day\/seatrial may not do ec2:RebootInstances/) });
    });
    test("that may not be taken on is named by the call that lacks", async () => {
      await expect(ec2({ ...given, endpoint: door.endpoint, profile: "stop", role }).state(nodes[0]!)).rejects.toMatchObject({ code: "SEA_AWS_DENIED", message: expect.stringContaining("sts:AssumeRole") });
    });
  });
});
