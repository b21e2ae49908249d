import type { Clients } from "./client.ts";
import { isolatedName, openedName, groupTags } from "./names.ts";
import { readNote } from "./note.ts";
import { asked } from "./refusal.ts";

/** A network interface of an instance. */
export interface Interface {
  readonly id: string;
  readonly vpc: string;
  readonly groups: readonly { readonly id: string; readonly name: string }[];
  /** Its own groups, where it was cut off. */
  readonly note: readonly string[] | undefined;
  /** Is it reached from the internet, but for its groups? */
  readonly isPublic: boolean;
}

type Filter = { readonly Name: string; readonly Values: string[] };

async function list(clients: Clients, filter: Filter): Promise<readonly Interface[]> {
  const ec2 = await clients.ec2();
  const found: Interface[] = [];
  let NextToken: string | undefined;
  do {
    const page = await asked("ec2:DescribeNetworkInterfaces", () => ec2.describeNetworkInterfaces({ Filters: [filter], ...(NextToken === undefined ? {} : { NextToken }) }));
    for (const one of page.NetworkInterfaces ?? []) {
      found.push({
        id: one.NetworkInterfaceId!,
        vpc: one.VpcId ?? "",
        groups: (one.Groups ?? []).map(({ GroupId, GroupName }) => ({ id: GroupId ?? "", name: GroupName ?? "" })),
        note: readNote(one.TagSet ?? []),
        isPublic: (one.PrivateIpAddresses ?? []).some(({ Association }) => Association?.PublicIp !== undefined) || one.Association?.PublicIp !== undefined || (one.Ipv6Addresses ?? []).length > 0,
      });
    }
    NextToken = page.NextToken;
  } while (NextToken !== undefined);
  return found.sort((a, b) => (a.id < b.id ? -1 : 1));
}

export const interfacesOf = (clients: Clients, instance: string): Promise<readonly Interface[]> => list(clients, { Name: "attachment.instance-id", Values: [instance] });

/** Also those that were taken off the instance since it was cut off. */
export async function cutInterfacesOf(clients: Clients, instance: string): Promise<readonly Interface[]> {
  const attached = await interfacesOf(clients, instance);
  const noted = await list(clients, { Name: `tag:${groupTags.of}`, Values: [instance] });
  return [...attached, ...noted.filter(({ id }) => !attached.some((one) => one.id === id))];
}

export const usersOf = (clients: Clients, group: string): Promise<readonly Interface[]> => list(clients, { Name: "group-id", Values: [group] });

/** Is this a group that an interface wears only while it is cut off? */
export const isolates = (group: { readonly id: string; readonly name: string }, isolation: string | undefined): boolean =>
  group.id === isolation || group.name === isolatedName || group.name === openedName;
