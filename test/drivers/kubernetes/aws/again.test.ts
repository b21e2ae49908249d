import { expect, test } from "vitest";
import { fisExperiment, spotInterruption, zoneLoss } from "../../../../drivers/kubernetes/aws/index.ts";
import { reopen } from "../../../../drivers/kubernetes/reopen.ts";
import { healerIn } from "../../../../src/cli/clusters.ts";

const region = "eu-central-1";

test.each([
  zoneLoss("eu-central-1a", { nodes: 3 }), fisExperiment({ region, template: "EXTDCh1jdpqgv1vGw", harms: { nodes: 1 } }), spotInterruption({ region, fisRole: "arn:aws:iam::123456789012:role/fis" }),
])("$kind is healed by a command that has nothing but its record", async ({ kind, heal }) => expect(await healerIn("kubernetes", kind)).toBe(heal));

test("machines of EC2 are found again by their address", async () => {
  const machines = (address: object) => ({ context: "gone", namespaces: ["shop"], kubeconfig: "/nowhere", machines: { kind: "ec2", address: { kind: "ec2", ...address } } });
  await expect(reopen(machines({ region: "nowhere" }))).rejects.toMatchObject({ code: "SEA_AWS_SETTING" });
  // Then it is the cluster that is missing.
  await expect(reopen(machines({ region }))).rejects.toMatchObject({ code: expect.stringMatching(/^SEA_KUBE_/) });
});
