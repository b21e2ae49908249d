import { problem } from "../../../src/units/errors.ts";
import type { Clients } from "./client.ts";
import { cutInterfacesOf, interfacesOf, isolates, type Interface } from "./interfaces.ts";
import { isolatedGroup, openedGroup, sweepGroups } from "./isolation.ts";
import { openedName } from "./names.ts";
import { noteKeys, noteOf } from "./note.ts";
import { asked, codeOf } from "./refusal.ts";
import type { Ec2Settings } from "./settings.ts";

async function wear(clients: Clients, { id }: Interface, groups: readonly string[]): Promise<void> {
  const ec2 = await clients.ec2();
  await asked("ec2:ModifyNetworkInterfaceAttribute", () => ec2.modifyNetworkInterfaceAttribute({ NetworkInterfaceId: id, Groups: [...groups] }));
}

async function forget(clients: Clients, { id }: Interface): Promise<void> {
  const ec2 = await clients.ec2();
  await asked("ec2:DeleteTags", () => ec2.deleteTags({ Resources: [id], Tags: noteKeys.map((Key) => ({ Key })) }));
}

/**
 * Takes an instance's network away, on all of its interfaces. What each wore is on the interface as
 * tags before the first of them changes.
 *
 * @throws SEA_AWS_PUBLIC, SEA_AWS_UNNOTED, SEA_AWS_GROUP before any harm
 */
export async function cutOff(clients: Clients, instance: string, settings: Ec2Settings): Promise<void> {
  const ec2 = await clients.ec2();
  const { isolation, established } = settings;
  const all = await interfacesOf(clients, instance);
  const isCut = (one: Interface): boolean => one.groups.some((group) => isolates(group, isolation));
  const lost = all.find((one) => isCut(one) && one.note === undefined);
  if (lost) throw unnoted(lost, instance);
  // A cut that ended halfway may have left one with the open group.
  const rest = all.filter((one) => !isCut(one) || one.groups.some(({ name }) => name === openedName));
  if (rest.length === 0) return;
  const drops = established !== "keep";
  const open = rest.find((one) => one.isPublic);
  if (open && established === undefined) throw problem("SEA_AWS_PUBLIC", { interface: open.id, instance }, "ec2.established");

  // Should another heal sweep the groups away between these steps, they are made once more.
  for (let isAgain = false; ; isAgain = true) {
    try {
      const vpc = rest[0]!.vpc;
      const isolated = isolation ?? (await isolatedGroup(clients, vpc));
      const opened = drops ? await openedGroup(clients, vpc) : undefined;
      for (const one of rest) {
        if (isCut(one)) continue;
        await asked("ec2:CreateTags", () => ec2.createTags({ Resources: [one.id], Tags: [...noteOf(instance, one.groups.map(({ id }) => id))] }));
      }
      if (opened !== undefined) for (const one of rest) await wear(clients, one, [opened]);
      for (const one of rest) await wear(clients, one, [isolated]);
      return;
    } catch (error) {
      if (isAgain || codeOf((error as Error).cause) !== "InvalidGroup.NotFound") throw error;
    }
  }
}

/** Gives an instance its network back, and takes away what the cut left. Harmless where nothing was cut. @throws SEA_AWS_UNNOTED */
export async function mendCut(clients: Clients, instance: string, settings: Ec2Settings): Promise<void> {
  let unknown: Interface | undefined;
  for (const one of await cutInterfacesOf(clients, instance)) {
    const isCut = one.groups.some((group) => isolates(group, settings.isolation));
    if (isCut && one.note === undefined) unknown ??= one;
    if (one.note === undefined) continue;
    // Whoever gave it other groups meanwhile knows better.
    if (isCut) await wear(clients, one, one.note);
    await forget(clients, one);
  }
  // The others come first.
  if (unknown) throw unnoted(unknown, instance);
  if (settings.isolation === undefined || settings.established !== "keep") await sweepGroups(clients);
}

const unnoted = ({ id, groups }: Interface, instance: string) =>
  problem("SEA_AWS_UNNOTED", { interface: id, instance, group: groups.map(({ name }) => name).join(", ") });
