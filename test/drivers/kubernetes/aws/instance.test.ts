import { describe, expect, test } from "vitest";
import { instanceId, stateOf, type Instance } from "../../../../drivers/kubernetes/aws/instance.ts";
import { prospectOf } from "../../../../drivers/kubernetes/aws/prospect.ts";

const region = "eu-central-1";
const node = (providerID?: string) => ({ name: "node-1", addresses: [], ...(providerID === undefined ? {} : { providerID }) });

describe("the instance under a node", () => {
  test.each([
    ["aws:///eu-central-1a/i-0123456789abcdef0", "i-0123456789abcdef0"],
    ["aws:///eu-central-1a/i-01234567", "i-01234567"],
    ["aws:////i-0123456789abcdef0", "i-0123456789abcdef0"],
    ["aws:///eu-central-1-ham-1a/i-0123456789abcdef0", "i-0123456789abcdef0"],
  ])("%s is %s", (providerID, id) => expect(instanceId(node(providerID), region)).toBe(id));

  test.each([
    [undefined, "no providerID"],
    ["", "no providerID"],
    ["aws:///eu-central-1a/fargate-ip-10-0-1-2.eu-central-1.compute.internal", "Fargate"],
    ["aws:///eu-central-1a/5a1c9c0c9b-8f0f1b/fargate-10.0.1.2", "Fargate"],
    ["eks-hybrid:///eu-central-1/shop/mi-0123456789abcdef0", "eks-hybrid"],
    ["gce://project/europe-west3-a/node-1", "gce://"],
    ["aws:///us-east-1a/i-0123456789abcdef0", "us-east-1a"],
    ["aws:///eu-central-1a/i-xyz", "i-xyz"],
  ])("%s is none: %s", (providerID, why) =>
    expect(() => instanceId(node(providerID), region)).toThrow(expect.objectContaining({ code: "SEA_AWS_NODE", place: "node node-1", message: expect.stringContaining(why) })));
});

test.each([
  ["pending", false, "unknown"],
  ["running", false, "up"],
  ["running", true, "cut"],
  ["stopping", false, "stopped"],
  ["stopped", true, "stopped"],
  ["shutting-down", false, "gone"],
  ["terminated", true, "gone"],
] as const)("an instance that is %s (cut off: %s) is %s", (state, isCut, name) => {
  expect(stateOf({ id: "i-1", state, zone: "", account: "", spot: false, replacer: undefined, groups: [] } satisfies Instance, isCut)).toBe(name);
});
test("an instance that is not listed any more is gone", () => expect(stateOf(undefined, false)).toBe("gone"));

const group = { kind: "group", name: "workers" } as const;
const karpenter = { kind: "karpenter", name: "general" } as const;
test.each([
  ["stop", undefined, false, "healed"],
  ["stop", group, false, "replaced"],
  ["stop", group, true, "healed"],
  ["stop", karpenter, false, "replaced"],
  ["stop", karpenter, true, "replaced"],
  ["reboot", group, false, "returns"],
  ["reboot", undefined, false, "returns"],
  ["terminate", undefined, false, "lost"],
  ["terminate", group, true, "replaced"],
  ["terminate", karpenter, false, "replaced"],
  ["cut", undefined, false, "healed"],
  ["cut", group, false, "healed"],
] as const)("%s, with %j, held: %s, is %s", (verb, replacer, isHeld, ends) => {
  const { ends: found, says } = prospectOf({ id: "i-1", replacer }, verb, isHeld);
  expect(found).toBe(ends);
  expect(says).toMatch(/^i-1 |i-1/);
});
