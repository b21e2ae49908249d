import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ec2 as machinesOf, type Ec2Settings } from "../../../drivers/kubernetes/aws/index.ts";
import { abroad, type Abroad } from "./abroad.ts";
import { accountOf, idOf, profiles, region, type Account } from "./account.ts";
import type { Gate } from "./gate.ts";
import { describeMoto, type Moto } from "./moto.ts";

describeMoto("EC2 machines", () => {
  let server: Moto;
  let door: Gate;
  let account: Account;
  let aws: Abroad;
  beforeAll(async () => {
    aws = await abroad();
    ({ server, door } = aws);
    account = await accountOf(server.endpoint);
  }, 120_000);
  afterAll(async () => {
    await aws?.[Symbol.asyncDispose]();
  });

  const told: string[] = [];
  const ec2 = (more: Partial<Ec2Settings> = {}) => machinesOf({ region, endpoint: door.endpoint, ...more }, (line) => told.push(line));
  /** The same machines as another process finds them: by plain data. */
  const again = (machines: ReturnType<typeof ec2>) => machinesOf(JSON.parse(JSON.stringify(machines.address)) as Ec2Settings, (line) => told.push(line));

  describe("an instance outside of any group", () => {
    test("stops and starts, each as often as it is asked", async () => {
      const node = await account.node();
      const machines = ec2();
      expect(await machines.state(node)).toBe("up");
      await machines.stop(node);
      expect(await machines.state(node)).toBe("stopped");
      expect((await account.instance(node)).State!.Name).toBe("stopped");
      await machines.stop(node);
      await again(machines).start(node);
      await machines.start(node);
      expect(await machines.state(node)).toBe("up");
    });

    test("reboots", async () => {
      const node = await account.node();
      door.calls.length = 0;
      await ec2().reboot(node);
      expect(door.calls).toContain("RebootInstances");
      expect(await ec2().state(node)).toBe("up");
    });

    test("is terminated only where that was said, for nobody replaces it", async () => {
      const node = await account.node();
      await expect(ec2().terminate(node)).rejects.toMatchObject({ code: "SEA_AWS_ALONE", place: `node ${node.name}` });
      expect(await ec2().state(node)).toBe("up");
      const machines = ec2({ evenAlone: true });
      await machines.terminate(node);
      expect(await machines.state(node)).toBe("gone");
      await machines.terminate(node);
      await expect(machines.stop(node)).rejects.toMatchObject({ code: "SEA_AWS_GONE" });
      await expect(machines.cut(node)).rejects.toMatchObject({ code: "SEA_AWS_GONE" });
    });

    test("that AWS has forgotten is gone, too", async () => {
      const node = account.refOf("i-0123456789abcdef0", `${region}a`);
      expect(await ec2().state(node)).toBe("gone");
      await ec2().mend(node);
      await ec2().start(node);
      await ec2().terminate(node);
      await expect(ec2().reboot(node)).rejects.toMatchObject({ code: "SEA_AWS_GONE" });
    });
  });

  describe("an instance of an Auto Scaling group", () => {
    test("that was replaced while it was stopped can't be started: this is said, and no error", async () => {
      const { name, nodes } = await account.workers(2);
      const [node] = nodes;
      const machines = ec2();
      await machines.stop(node!);
      // What the group does to an instance that it finds stopped.
      await account.scaling.terminateInstanceInAutoScalingGroup({ InstanceId: idOf(node!), ShouldDecrementDesiredCapacity: false });
      told.length = 0;
      await machines.start(node!);
      expect(told).toEqual([expect.stringMatching(new RegExp(`^${idOf(node!)} under ${node!.name} is gone`))]);
      expect(await machines.state(node!)).toBe("gone");
      expect((await account.workersNow(name)).Instances).toHaveLength(2);
    });

    test("is terminated, and another comes", async () => {
      const { name, nodes } = await account.workers(1);
      await ec2().terminate(nodes[0]!);
      expect(await ec2().state(nodes[0]!)).toBe("gone");
      const now = (await account.workersNow(name)).Instances!.map(({ InstanceId }) => InstanceId);
      expect(now).toHaveLength(1);
      expect(now).not.toContain(idOf(nodes[0]!));
    });

    test("is not terminated while its group starts none", async () => {
      const { name, nodes } = await account.workers(1);
      await account.scaling.suspendProcesses({ AutoScalingGroupName: name, ScalingProcesses: ["Launch"] });
      await expect(ec2().terminate(nodes[0]!)).rejects.toMatchObject({ code: "SEA_AWS_ALONE", message: expect.stringContaining("Launch") });
      expect(await ec2().state(nodes[0]!)).toBe("up");
    });

    test("is held while it is stopped, and the group goes on when all of its instances run", async () => {
      const { name, nodes } = await account.workers(2);
      const before = await account.traces();
      const machines = ec2({ holdGroup: true });
      for (const node of nodes) await machines.stop(node);
      const held = await account.workersNow(name);
      expect(held.SuspendedProcesses!.map(({ ProcessName }) => ProcessName).sort()).toEqual(["HealthCheck", "ReplaceUnhealthy"]);
      await account.scaling.setInstanceHealth({ InstanceId: idOf(nodes[0]!), HealthStatus: "Unhealthy" });

      const other = again(machines);
      await other.start(nodes[0]!);
      // The second would be replaced if the group went on now.
      expect(await other.state(nodes[0]!)).toBe("unknown");
      expect((await account.workersNow(name)).SuspendedProcesses).toHaveLength(2);
      await other.start(nodes[1]!);
      expect(await Promise.all(nodes.map((node) => other.state(node)))).toEqual(["up", "up"]);
      expect((await account.workersNow(name)).Instances!.map(({ HealthStatus }) => HealthStatus)).toEqual(["Healthy", "Healthy"]);
      expect(await account.traces()).toEqual(before);
    });

    test("keeps suspended what others have suspended", async () => {
      const { name, nodes } = await account.workers(1);
      await account.scaling.suspendProcesses({ AutoScalingGroupName: name, ScalingProcesses: ["HealthCheck", "AZRebalance"] });
      const before = await account.traces();
      const machines = ec2({ holdGroup: true });
      await machines.stop(nodes[0]!);
      await machines.stop(nodes[0]!);
      await machines.start(nodes[0]!);
      expect(await account.traces()).toEqual(before);
    });
  });

  describe("an instance that is cut off", () => {
    const cutOff = async (settings: Partial<Ec2Settings> = {}) => {
      const own = [await account.group(`web-${Math.random()}`), await account.group(`ssh-${Math.random()}`)];
      const node = await account.node("a", { groups: own });
      const extra = await account.extraInterface(node, [own[1]!]);
      const before = await account.traces();
      return { node, extra, own, before, machines: ec2({ established: "drop", ...settings }) };
    };

    test("wears the isolating group on every interface, and its own ones again afterwards", async () => {
      const { node, extra, before, machines } = await cutOff();
      door.calls.length = 0;
      await machines.cut(node);
      const order = door.calls.filter((call) => /CreateTags|ModifyNetwork/.test(call));
      // Both are written down before either is harmed; then all are opened, then all are isolated.
      expect(order).toEqual(["CreateTags", "CreateTags", ...Array<string>(4).fill("ModifyNetworkInterfaceAttribute")]);
      expect(await machines.state(node)).toBe("cut");
      const { interfaces } = await account.traces();
      const isolated = (await account.ec2.describeSecurityGroups({ Filters: [{ Name: "group-name", Values: ["seatrial-isolated"] }] })).SecurityGroups!;
      expect(isolated).toHaveLength(1);
      expect(isolated[0]).toMatchObject({ IpPermissions: [], IpPermissionsEgress: [], VpcId: account.vpc });
      for (const id of [extra, (await account.instance(node)).NetworkInterfaces![0]!.NetworkInterfaceId!]) expect(interfaces[id]!.wears).toEqual([isolated[0]!.GroupId]);

      await machines.cut(node);
      const other = again(machines);
      await other.mend(node);
      expect(await other.state(node)).toBe("up");
      expect(await account.traces()).toEqual(before);
      await other.mend(node);
      expect(await account.traces()).toEqual(before);
    });

    test("wears the group that the user names, which stays", async () => {
      const isolation = await account.group("quarantine");
      const { node, before, machines } = await cutOff({ isolation, established: "keep" });
      await machines.cut(node);
      expect(await machines.state(node)).toBe("cut");
      expect((await account.traces()).security.filter((name) => name.startsWith("seatrial"))).toEqual([]);
      await machines.mend(node);
      expect(await account.traces()).toEqual(before);
    });

    test("two at once share the group until the second is mended", async () => {
      const [one, two] = [await cutOff(), await cutOff()];
      await one.machines.cut(one.node);
      await two.machines.cut(two.node);
      await one.machines.mend(one.node);
      expect(await one.machines.state(one.node)).toBe("up");
      expect(await two.machines.state(two.node)).toBe("cut");
      await two.machines.mend(two.node);
      expect(await account.traces()).toEqual(two.before);
    });

    test("is not opened to the internet without a word", async () => {
      const node = (await account.workers(1)).nodes[0]!;
      const { AllocationId } = await account.ec2.allocateAddress({ Domain: "vpc" });
      await account.ec2.associateAddress({ AllocationId: AllocationId!, InstanceId: idOf(node) });
      const before = await account.traces();
      await expect(ec2().cut(node)).rejects.toMatchObject({ code: "SEA_AWS_PUBLIC", place: "ec2.established" });
      expect(await account.traces()).toEqual(before);
      await ec2({ established: "keep" }).cut(node);
      await ec2().mend(node);
      expect(await account.traces()).toEqual(before);
    });

    test("whose own groups nobody knows is left alone, and this is said", async () => {
      const { node, machines, own, before } = await cutOff();
      await machines.cut(node);
      const [first] = (await account.instance(node)).NetworkInterfaces!;
      const tags = (await account.ec2.describeTags({ Filters: [{ Name: "resource-id", Values: [first!.NetworkInterfaceId!] }] })).Tags!;
      await account.ec2.deleteTags({ Resources: [first!.NetworkInterfaceId!], Tags: tags.map(({ Key }) => ({ Key: Key! })) });
      await expect(machines.mend(node)).rejects.toMatchObject({ code: "SEA_AWS_UNNOTED", message: expect.stringContaining(first!.NetworkInterfaceId!) });
      await expect(machines.cut(node)).rejects.toMatchObject({ code: "SEA_AWS_UNNOTED" });
      await account.ec2.modifyNetworkInterfaceAttribute({ NetworkInterfaceId: first!.NetworkInterfaceId!, Groups: own });
      await machines.mend(node);
      expect(await account.traces()).toEqual(before);
    });

    test("a group of that name that is somebody else's is not touched", async () => {
      const { node, machines } = await cutOff();
      const foreign = await account.group("seatrial-isolated");
      const before = await account.traces();
      await expect(machines.cut(node)).rejects.toMatchObject({ code: "SEA_AWS_GROUP" });
      expect(await account.traces()).toEqual(before);
      await account.ec2.deleteSecurityGroup({ GroupId: foreign });
    });

    test("is whole again whichever call was its runner's last", async () => {
      const { node, before, machines } = await cutOff();
      for (let last = 0; ; last++) {
        const from = door.calls.length;
        let isCut = false;
        // From then on nobody answers the runner that dies; whoever heals has another way.
        door.bar = () => (door.calls.length - from >= last ? ((isCut = true), { status: 400, body: "<Response><Errors><Error><Code>Dead</Code><Message>the runner is dead</Message></Error></Errors></Response>" }) : undefined);
        await machines.cut(node).catch((error: unknown) => expect(error).toMatchObject({ code: "SEA_AWS_REFUSED" }));
        door.bar = () => undefined;
        const healer = machinesOf({ region, endpoint: server.endpoint, established: "drop" });
        await healer.mend(node);
        expect(await healer.state(node)).toBe("up");
        expect(await account.traces(), `after ${last} calls`).toEqual(before);
        if (!isCut) {
          expect(last).toBeGreaterThan(12);
          break;
        }
      }
    });
  });

  test("a held stop is undone whichever call was its runner's last", async () => {
    const { nodes } = await account.workers(1);
    const before = await account.traces();
    for (let last = 0, isDone = false; !isDone; last++) {
      const from = door.calls.length;
      isDone = true;
      door.bar = () => (door.calls.length - from >= last ? ((isDone = false), { status: 400, body: "<Response><Errors><Error><Code>Dead</Code><Message>dead</Message></Error></Errors></Response>" }) : undefined);
      await ec2({ holdGroup: true }).stop(nodes[0]!).catch(() => undefined);
      door.bar = () => undefined;
      const healer = machinesOf({ region, endpoint: server.endpoint, holdGroup: true });
      await healer.start(nodes[0]!);
      await healer.start(nodes[0]!);
      expect(await healer.state(nodes[0]!), `after ${last} calls`).toBe("up");
      expect(await account.traces(), `after ${last} calls`).toEqual(before);
    }
  });

  test("says what there is under the nodes, and what follows each harm", async () => {
    const { name, nodes } = await account.workers(1);
    const spot = await account.node("b", { spot: true });
    const karpenter = await account.node("b", { tags: { "karpenter.sh/nodepool": "general" } });
    const gone = account.refOf("i-0123456789abcdef0", `${region}a`);
    const seen = await ec2().inspect([nodes[0]!, spot, karpenter, gone]);
    expect(seen).toMatchObject([
      { node: nodes[0]!.name, instance: idOf(nodes[0]!), zone: `${region}a`, spot: false, prospects: { stop: { ends: "replaced", says: expect.stringContaining(name) }, terminate: { ends: "replaced" }, reboot: { ends: "returns" }, cut: { ends: "healed" } } },
      { node: spot.name, zone: `${region}b`, spot: true, prospects: { stop: { ends: "healed" }, terminate: { ends: "lost" } } },
      { node: karpenter.name, prospects: { stop: { ends: "replaced", says: expect.stringContaining("Karpenter (node pool general)") } } },
    ]);
    expect(await ec2({ holdGroup: true }).inspect([nodes[0]!])).toMatchObject([{ prospects: { stop: { ends: "healed" } } }]);
  });

  describe("an answer that is none", () => {
    const busy = { status: 503, body: "<Response><Errors><Error><Code>RequestLimitExceeded</Code><Message>Request limit exceeded.</Message></Error></Errors></Response>" };
    test("throttled twice, then served", async () => {
      const node = await account.node();
      let left = 2;
      door.bar = () => (left-- > 0 ? busy : undefined);
      expect(await ec2().state(node)).toBe("up");
      door.bar = () => undefined;
    });
    test("throttled for good", async () => {
      const node = await account.node();
      door.bar = () => busy;
      await expect(ec2().state(node)).rejects.toMatchObject({ code: "SEA_AWS_THROTTLED", message: expect.stringMatching(/none of \d tries/) });
      door.bar = () => undefined;
    });
    test("cut off", async () => {
      const node = await account.node();
      door.bar = () => "cut";
      await expect(ec2().state(node)).rejects.toMatchObject({ code: "SEA_AWS_AWAY" });
      door.bar = () => undefined;
    });
    test("nobody there", async () => {
      const machines = machinesOf({ region, endpoint: "http://127.0.0.1:1" });
      await expect(machines.state(account.refOf("i-0123456789abcdef0", `${region}a`))).rejects.toMatchObject({ code: "SEA_AWS_AWAY", message: expect.stringContaining("ECONNREFUSED") });
    });
    test("a token that has expired", async () => {
      door.bar = () => ({ status: 400, body: "<Response><Errors><Error><Code>RequestExpired</Code><Message>Request has expired.</Message></Error></Errors></Response>" });
      await expect(ec2().state(await account.node())).rejects.toMatchObject({ code: "SEA_AWS_EXPIRED" });
      door.bar = () => undefined;
    });
    test("no credentials at all, and a profile that is not there", async () => {
      await using _ = await profiles({});
      await expect(ec2().state(await account.node())).rejects.toMatchObject({ code: "SEA_AWS_CREDENTIALS" });
      await expect(ec2({ profile: "nobody" }).state(await account.node())).rejects.toMatchObject({ code: "SEA_AWS_CREDENTIALS" });
    });
  });
});
