import { describe, expect, test } from "vitest";
import { fisExperiment, spotInterruption, type FisSettings, type SpotSettings } from "../../../../drivers/kubernetes/aws/index.ts";
import { weigh } from "../../../../drivers/kubernetes/aws/template.ts";

const region = "eu-central-1";
const arns = (count: number) => Array.from({ length: count }, (_, at) => `arn:${at}`);

test.each([
  ["aws:ec2:instance", "ALL", 3, "node", 3],
  ["aws:ec2:instance", "ALL", 0, "node", undefined],
  ["aws:ec2:instance", "COUNT(2)", 0, "node", 2],
  ["aws:ec2:instance", "COUNT(5)", 3, "node", 3],
  ["aws:ec2:spot-instance", "PERCENT(50)", 4, "node", 2],
  ["aws:ec2:spot-instance", "PERCENT(10)", 4, "node", 1],
  ["aws:ec2:spot-instance", "PERCENT(10)", 0, "node", undefined],
  ["aws:eks:nodegroup", "COUNT(1)", 1, "node", undefined],
  ["aws:ec2:subnet", "ALL", 1, "node", undefined],
  ["aws:eks:pod", "COUNT(3)", 0, "pod", 3],
  ["aws:rds:cluster", "ALL", 1, "data", 1],
  ["aws:ec2:ebs-volume", "COUNT(1)", 0, "data", 1],
  ["aws:brand:new", "ALL", 0, "node", undefined],
])("a target of %s, %s, with %i named, may be %s: %s", (resourceType, selectionMode, named, what, most) => {
  expect(weigh("one", { resourceType, selectionMode, resourceArns: arns(named) })).toMatchObject({ name: "one", what, most, says: `${selectionMode} of ${resourceType}` });
});
test("a target that says nothing takes all", () => expect(weigh("one", {})).toMatchObject({ what: "node", most: undefined }));

describe("settings", () => {
  const template = "EXTDCh1jdpqgv1vGw";
  test.each([
    [{ region, harms: { nodes: 1 } }, "fisExperiment.template"], [{ region, template }, "fisExperiment.harms"], [{ region, template, harms: {} }, "fisExperiment.harms"],
    [{ region, template, harms: { nodes: 0 } }, "fisExperiment.harms"], [{ region, template, harms: { data: [] } }, "fisExperiment.harms"], [{ region, template, harms: { zones: 1 } }, "fisExperiment.harms"],
    [{ region, template: "EXT 1", harms: { nodes: 1 } }, "fisExperiment.template"], [{ template, harms: { nodes: 1 } }, "fisExperiment.region"],
  ])("fisExperiment(%j) is refused at %s", (given, place) => expect(() => fisExperiment(given as unknown as FisSettings)).toThrow(expect.objectContaining({ code: "SEA_AWS_SETTING", place })));

  const fisRole = "arn:aws:iam::123456789012:role/fis";
  test.each([
    [{ region }, "spotInterruption.fisRole"], [{ region, fisRole: "fis" }, "spotInterruption.fisRole"], [{ region, fisRole, count: 6 }, "spotInterruption.count"],
    [{ region, fisRole, notice: "1m" }, "spotInterruption.notice"], [{ region, fisRole, notice: "16m" }, "spotInterruption.notice"], [{ region, fisRole, alarms: ["errors"] }, "spotInterruption.alarms"],
  ])("spotInterruption(%j) is refused at %s", (given, place) => expect(() => spotInterruption(given as unknown as SpotSettings)).toThrow(expect.objectContaining({ code: "SEA_AWS_SETTING", place })));

  test("say what they cost, before anything is opened", () => {
    expect(fisExperiment({ region, template, harms: { nodes: 2, pods: 3, data: ["orders"] } }).costs).toEqual([{ what: "node", count: 2 }, { what: "pod", count: 3 }, { what: "data", name: "orders" }]);
    expect(spotInterruption({ region, fisRole, count: 2, pool: "spot" })).toMatchObject({ costs: [{ what: "node", count: 2, name: "spot" }], harm: "lets AWS take back 2 spot nodes of spot" });
  });
});
