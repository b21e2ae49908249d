import type { Bed } from "../bed.ts";
import { call } from "./call.ts";
import { fakeMark } from "./config.ts";

export const fakeName = (index: number): string => `fake${index + 1}`;

/** A node that only kwok keeps alive: its pods run on paper. Pods must ask for it: a taint keeps others away. Pure. */
export const fakeNode = (name: string): Readonly<Record<string, unknown>> => {
  const resources = { cpu: "64", memory: "256Gi", pods: "1000" };
  return {
    apiVersion: "v1",
    kind: "Node",
    metadata: { name, annotations: { [fakeMark]: "fake" }, labels: { type: "fake", "kubernetes.io/hostname": name, "kubernetes.io/os": "linux" } },
    spec: { taints: [{ key: fakeMark, value: "fake", effect: "NoSchedule" }] },
    status: { capacity: resources, allocatable: resources },
  };
};

/** Makes the fake nodes that are not there yet. */
export async function makeFakes(bed: Bed, count: number): Promise<void> {
  for (let index = 0; index < count; index += 1) {
    const { status, body } = await call(bed, "POST", "/api/v1/nodes", fakeNode(fakeName(index)));
    if (status !== 201 && status !== 409) throw new Error(`the fake node ${fakeName(index)}: ${status} ${body?.message ?? ""}`);
  }
}
