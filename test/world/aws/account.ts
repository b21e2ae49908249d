import { AutoScaling } from "@aws-sdk/client-auto-scaling";
import { EC2 } from "@aws-sdk/client-ec2";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { NodeRef } from "../../../drivers/kubernetes/machines/machines.ts";

export const region = "eu-central-1";

/** What a client of somebody who may do everything is made with. */
export const ownerOf = (endpoint: string) => ({ region, endpoint, credentials: { accessKeyId: "owner", secretAccessKey: "secret" } });

/** An account of somebody who may do everything, and looks at it with clients of their own. */
export async function accountOf(endpoint: string) {
  const config = ownerOf(endpoint);
  const ec2 = new EC2(config);
  const scaling = new AutoScaling(config);
  const vpc = (await ec2.createVpc({ CidrBlock: "10.0.0.0/16" })).Vpc!.VpcId!;
  const subnet = async (zone: string, at: number): Promise<string> =>
    (await ec2.createSubnet({ VpcId: vpc, CidrBlock: `10.0.${at}.0/24`, AvailabilityZone: `${region}${zone}` })).Subnet!.SubnetId!;
  const subnets = { a: await subnet("a", 1), b: await subnet("b", 2) };
  const image = (await ec2.describeImages({ MaxResults: 5 })).Images![0]!.ImageId!;
  const group = async (name: string): Promise<string> => (await ec2.createSecurityGroup({ GroupName: name, Description: name, VpcId: vpc })).GroupId!;

  const refOf = (id: string, zone: string): NodeRef => ({ name: `node-${id}`, providerID: `aws:///${zone}/${id}`, addresses: [] });
  let groups = 0;
  const own = await group("nodes");

  return {
    ec2, scaling, vpc, group, refOf,
    /** One instance outside of any group. */
    async node(zone: "a" | "b" = "a", more: { readonly spot?: boolean; readonly groups?: string[]; readonly tags?: Readonly<Record<string, string>> } = {}): Promise<NodeRef> {
      // An interface that is made first: of those that moto makes with the instance the groups can't be taken away.
      const { NetworkInterface } = await ec2.createNetworkInterface({ SubnetId: subnets[zone], Groups: more.groups ?? [own] });
      const { Instances } = await ec2.runInstances({
        ImageId: image, MinCount: 1, MaxCount: 1, InstanceType: "t3.micro", Placement: { AvailabilityZone: `${region}${zone}` },
        NetworkInterfaces: [{ NetworkInterfaceId: NetworkInterface!.NetworkInterfaceId!, DeviceIndex: 0 }],
        ...(more.spot ? { InstanceMarketOptions: { MarketType: "spot" } } : {}),
        ...(more.tags ? { TagSpecifications: [{ ResourceType: "instance", Tags: Object.entries(more.tags).map(([Key, Value]) => ({ Key, Value })) }] } : {}),
      });
      return refOf(Instances![0]!.InstanceId!, `${region}${zone}`);
    },
    /** An Auto Scaling group, and its nodes. */
    async workers(count: number): Promise<{ readonly name: string; readonly nodes: readonly NodeRef[] }> {
      const name = `workers-${++groups}`;
      await ec2.createLaunchTemplate({ LaunchTemplateName: name, LaunchTemplateData: { ImageId: image, InstanceType: "t3.micro" } });
      await scaling.createAutoScalingGroup({ AutoScalingGroupName: name, MinSize: 0, MaxSize: count + 1, DesiredCapacity: count, VPCZoneIdentifier: subnets.a, LaunchTemplate: { LaunchTemplateName: name, Version: "1" } });
      const instances = (await scaling.describeAutoScalingGroups({ AutoScalingGroupNames: [name] })).AutoScalingGroups![0]!.Instances!;
      return { name, nodes: instances.map(({ InstanceId, AvailabilityZone }) => refOf(InstanceId!, AvailabilityZone!)) };
    },
    /** A second network interface, as the network plugin of EKS attaches them. */
    async extraInterface(node: NodeRef, groups: string[]): Promise<string> {
      const { NetworkInterface } = await ec2.createNetworkInterface({ SubnetId: subnets.a, Groups: groups });
      await ec2.attachNetworkInterface({ NetworkInterfaceId: NetworkInterface!.NetworkInterfaceId!, InstanceId: idOf(node), DeviceIndex: 1 });
      return NetworkInterface!.NetworkInterfaceId!;
    },
    instance: async (node: NodeRef) => (await ec2.describeInstances({ InstanceIds: [idOf(node)] })).Reservations![0]!.Instances![0]!,
    workersNow: async (name: string) => (await scaling.describeAutoScalingGroups({ AutoScalingGroupNames: [name] })).AutoScalingGroups![0]!,
    /** All that a fault may leave behind: what interfaces wear and are tagged with, the security groups, tags and suspended processes of groups. */
    async traces() {
      const [interfaces, security, scalings] = await Promise.all([
        ec2.describeNetworkInterfaces({ Filters: [{ Name: "vpc-id", Values: [vpc] }] }),
        ec2.describeSecurityGroups({ Filters: [{ Name: "vpc-id", Values: [vpc] }] }),
        scaling.describeAutoScalingGroups({}),
      ]);
      return {
        interfaces: Object.fromEntries(interfaces.NetworkInterfaces!.map((one) => [one.NetworkInterfaceId!, { wears: one.Groups!.map(({ GroupId }) => GroupId!).sort(), tags: one.TagSet!.map(({ Key }) => Key) }])),
        security: security.SecurityGroups!.map(({ GroupName }) => GroupName!).sort(),
        scaling: scalings.AutoScalingGroups!.map((one) => ({ name: one.AutoScalingGroupName, tags: one.Tags!.map(({ Key }) => Key), suspended: one.SuspendedProcesses!.map(({ ProcessName }) => ProcessName).sort() })),
      };
    },
  };
}

export type Account = Awaited<ReturnType<typeof accountOf>>;

export const idOf = (node: NodeRef): string => node.providerID!.replace(/.*\//, "");

/** Credentials in a file of their own, as profiles; the SDK remembers what it has read by the file's name. */
export async function profiles(keys: Readonly<Record<string, { readonly id: string; readonly secret: string }>>): Promise<AsyncDisposable> {
  const folder = await mkdtemp(join(tmpdir(), "seatrial-aws-"));
  const file = join(folder, "credentials");
  await writeFile(file, Object.entries(keys).map(([name, { id, secret }]) => `[${name}]\naws_access_key_id = ${id}\naws_secret_access_key = ${secret}\n`).join("\n"));
  const before = { ...process.env };
  process.env["AWS_SHARED_CREDENTIALS_FILE"] = file;
  process.env["AWS_CONFIG_FILE"] = join(folder, "config");
  // Never ask the machine that the tests run on who it is.
  process.env["AWS_EC2_METADATA_DISABLED"] = "true";
  for (const name of ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_PROFILE"]) delete process.env[name];
  return {
    [Symbol.asyncDispose]: async () => {
      process.env = before;
      await rm(folder, { recursive: true, force: true });
    },
  };
}
