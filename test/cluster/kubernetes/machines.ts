import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Machines } from "../../../drivers/kubernetes/index.ts";
import { nodeOf, type Bed } from "../../world/kubernetes/bed.ts";
import { imagesFile } from "../../world/kubernetes/images/images.ts";
import { cutNode, mendNode, startNode, stateOf, stopNode, terminateNode } from "../../world/kubernetes/node/node.ts";

const freezer = "/sys/fs/cgroup/freezer";

/** The cgroup of a pod under its node's. */
function podGroup(folder: string, uid: string): string | undefined {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (!entry.isDirectory()) continue;
    const found = entry.name === `pod${uid}` ? join(folder, entry.name) : podGroup(join(folder, entry.name), uid);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The hands of who runs the test bed: its power switches and cables, and the kernel's freezer. */
export function machinesOf(bed: Bed): Machines {
  const freezerState = async (node: string, uid: string, state: "FROZEN" | "THAWED") => {
    const group = podGroup(join(freezer, nodeOf(bed, node).cgroup), uid);
    if (group !== undefined) writeFileSync(join(group, "freezer.state"), state);
  };
  const start = async ({ name }: { readonly name: string }) => startNode(bed, name, await imagesFile());
  return {
    kind: "test bed",
    address: bed.name,
    stop: ({ name }) => stopNode(bed, name),
    start,
    reboot: async (node) => {
      await stopNode(bed, node.name);
      await start(node);
    },
    terminate: ({ name }) => terminateNode(bed, name),
    cut: ({ name }) => cutNode(bed, name),
    mend: ({ name }) => mendNode(bed, name),
    state: ({ name }) => stateOf(bed, name),
    freeze: ({ name }, uid) => freezerState(name, uid, "FROZEN"),
    thaw: ({ name }, uid) => freezerState(name, uid, "THAWED"),
  };
}
