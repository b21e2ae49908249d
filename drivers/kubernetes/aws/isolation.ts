import { problem } from "../../../src/units/errors.ts";
import type { Clients } from "./client.ts";
import { usersOf } from "./interfaces.ts";
import { isolatedName, openedName, oursTag } from "./names.ts";
import { asked, codeOf } from "./refusal.ts";

/** Every protocol and port, from and to everywhere. */
const everything = [{ IpProtocol: "-1", IpRanges: [{ CidrIp: "0.0.0.0/0" }], Ipv6Ranges: [{ CidrIpv6: "::/0" }] }];

async function find(clients: Clients, names: readonly string[], vpc?: string) {
  const ec2 = await clients.ec2();
  const Filters = [{ Name: "group-name", Values: [...names] }, ...(vpc === undefined ? [] : [{ Name: "vpc-id", Values: [vpc] }])];
  return (await asked("ec2:DescribeSecurityGroups", () => ec2.describeSecurityGroups({ Filters }))).SecurityGroups ?? [];
}

/** The group of that name in the network, with just the rules that it should have. */
async function group(clients: Clients, vpc: string, name: string, isOpen: boolean): Promise<string> {
  const ec2 = await clients.ec2();
  const look = async () => (await find(clients, [name], vpc))[0];
  let found = await look();
  if (!found) {
    const Description = isOpen ? "Ends connections that a cut would let live; worn for a moment" : "Worn by nodes that a resilience trial has cut off";
    await asked("ec2:CreateSecurityGroup", () => ec2.createSecurityGroup({ GroupName: name, Description, VpcId: vpc, TagSpecifications: [{ ResourceType: "security-group", Tags: [oursTag] }] }).catch((error: unknown) => {
      // Another node's cut was faster.
      if (codeOf(error) !== "InvalidGroup.Duplicate") throw error;
    }));
    found = await look();
  }
  if (!found?.Tags?.some(({ Key, Value }) => Key === oursTag.Key && Value === oursTag.Value)) throw problem("SEA_AWS_GROUP", { group: name, vpc });
  const GroupId = found.GroupId!;
  const [inward, outward] = [found.IpPermissions ?? [], found.IpPermissionsEgress ?? []];
  const opens = (rules: typeof inward): boolean => rules.some((rule) => rule.IpProtocol === "-1" && (rule.IpRanges ?? []).some(({ CidrIp }) => CidrIp === "0.0.0.0/0"));
  const once = (action: string, act: () => Promise<unknown>) => asked(action, () => act().catch((error: unknown) => {
    if (!/^InvalidPermission\.(Duplicate|NotFound)$/.test(codeOf(error))) throw error;
  }));
  if (!isOpen) {
    // A new group lets everything out.
    if (outward.length > 0) await once("ec2:RevokeSecurityGroupEgress", () => ec2.revokeSecurityGroupEgress({ GroupId, IpPermissions: outward }));
    if (inward.length > 0) await once("ec2:RevokeSecurityGroupIngress", () => ec2.revokeSecurityGroupIngress({ GroupId, IpPermissions: inward }));
  } else {
    if (!opens(inward)) await once("ec2:AuthorizeSecurityGroupIngress", () => ec2.authorizeSecurityGroupIngress({ GroupId, IpPermissions: everything }));
    if (!opens(outward)) await once("ec2:AuthorizeSecurityGroupEgress", () => ec2.authorizeSecurityGroupEgress({ GroupId, IpPermissions: everything }));
  }
  return GroupId;
}

/** A group without any rule. @throws SEA_AWS_GROUP where one of that name is somebody else's */
export const isolatedGroup = (clients: Clients, vpc: string): Promise<string> => group(clients, vpc, isolatedName, false);

/** A group that lets everything through, both ways: connections under it are not tracked, so they end with it. */
export const openedGroup = (clients: Clients, vpc: string): Promise<string> => group(clients, vpc, openedName, true);

/** Removes our groups where nothing wears them any more. */
export async function sweepGroups(clients: Clients): Promise<void> {
  const ec2 = await clients.ec2();
  for (const { GroupId, Tags } of await find(clients, [isolatedName, openedName])) {
    if (!Tags?.some(({ Key, Value }) => Key === oursTag.Key && Value === oursTag.Value) || (await usersOf(clients, GroupId!)).length > 0) continue;
    await asked("ec2:DeleteSecurityGroup", () => ec2.deleteSecurityGroup({ GroupId: GroupId! }).catch((error: unknown) => {
      // Gone already, or worn by another node since we looked.
      if (!/^(InvalidGroup\.NotFound|DependencyViolation|InvalidGroup\.InUse)$/.test(codeOf(error))) throw error;
    }));
  }
}
