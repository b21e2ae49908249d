import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ec2, iamPolicy, type Ec2Settings } from "../../../../drivers/kubernetes/aws/index.ts";
import { noteKeys, noteOf, readNote } from "../../../../drivers/kubernetes/aws/note.ts";

const region = "eu-central-1";

describe("settings of ec2()", () => {
  test.each([
    [{}, "ec2.region"], [{ region: "Frankfurt" }, "ec2.region"], [{ region: "eu-central-1a" }, "ec2.region"],
    [{ region, profile: "" }, "ec2.profile"], [{ region, role: "game-day" }, "ec2.role"], [{ region, endpoint: "127.0.0.1" }, "ec2.endpoint"],
    [{ region, isolation: "quarantine" }, "ec2.isolation"], [{ region, established: "kill" }, "ec2.established"], [{ region, holdGroup: 1 }, "ec2.holdGroup"],
    [{ region, hold: true }, "ec2.hold"], [undefined, "ec2.settings"], ["eu-central-1", "ec2.settings"],
  ])("%j is refused at %s", (settings, place) => expect(() => ec2(settings as unknown as Ec2Settings)).toThrow(expect.objectContaining({ code: "SEA_AWS_SETTING", place })));

  test.each(["us-east-1", "ap-southeast-4", "us-gov-west-1", "cn-north-1"])("region %s", (name) => expect(ec2({ region: name }).kind).toBe("ec2"));

  test("are the address, from which the same machines come again", () => {
    const settings: Ec2Settings = { region, profile: "staging", role: "arn:aws:iam::123456789012:role/x", isolation: "sg-0123456789abcdef0", established: "keep", holdGroup: true, evenAlone: true, endpoint: "http://127.0.0.1:1" };
    const { address } = ec2(settings);
    expect(address).toEqual({ kind: "ec2", ...settings });
    expect(ec2(JSON.parse(JSON.stringify(address)) as Ec2Settings).address).toEqual(address);
  });
});

describe("the note on an interface", () => {
  const id = fc.array(fc.constantFrom(..."0123456789abcdef"), { minLength: 17, maxLength: 17 }).map((digits) => `sg-${digits.join("")}`);
  test("keeps as many groups as an interface can have, in values that a tag can hold", () => {
    fc.assert(fc.property(fc.uniqueArray(id, { minLength: 0, maxLength: 16 }), (groups) => {
      const tags = noteOf("i-0123456789abcdef0", groups);
      expect(tags.map(({ Key }) => Key)).toEqual(noteKeys);
      for (const { Value } of tags) expect(Value.length).toBeLessThanOrEqual(256);
      expect(readNote([{ Key: "Name", Value: "x" }, ...tags].reverse())).toEqual(groups);
    }));
  });
  test("is not seen in tags of others", () => expect(readNote([{ Key: "Name", Value: "seatrial" }, { Key: "seatrial/other" }])).toBeUndefined());
});

describe("an IAM policy", () => {
  const { needs } = ec2({ region });
  test("for stopping is narrowed to the cluster's machines", () => {
    expect(iamPolicy(needs(["stop", "stop"]), { region, account: "123456789012", cluster: "shop" })).toEqual({
      Version: "2012-10-17",
      Statement: [
        { Sid: "Seatrial1", Effect: "Allow", Action: ["ec2:DescribeInstances"], Resource: ["*"] },
        {
          Sid: "Seatrial2", Effect: "Allow", Action: ["ec2:StartInstances", "ec2:StopInstances"], Resource: [`arn:aws:ec2:${region}:123456789012:instance/*`],
          Condition: { StringEquals: { "aws:ResourceTag/kubernetes.io/cluster/shop": "owned" } },
        },
      ],
    });
  });
  test("says nothing of groups that are not touched, nor of clusters without a name", () => {
    const text = JSON.stringify(iamPolicy(needs(["reboot"]), { region, partition: "aws-cn" }));
    expect(text).toContain(`arn:aws-cn:ec2:${region}:*:instance/*`);
    expect(text).not.toMatch(/Condition|autoscaling|SecurityGroup|Terminate/);
  });
  test("for a cut lets tags be written on interfaces only by their keys, and groups be changed only where they are ours", () => {
    const { Statement } = iamPolicy(needs(["cut"]), { region });
    const of = (action: string) => Statement.filter(({ Action }) => Action.includes(action));
    expect(of("ec2:DeleteTags")).toMatchObject([{ Resource: [`arn:aws:ec2:${region}:*:network-interface/*`], Condition: { "ForAllValues:StringEquals": { "aws:TagKeys": noteKeys } } }]);
    expect(of("ec2:CreateTags")).toHaveLength(2);
    for (const action of ["ec2:DeleteSecurityGroup", "ec2:AuthorizeSecurityGroupIngress", "ec2:RevokeSecurityGroupEgress"]) {
      expect(of(action)).toMatchObject([{ Condition: { StringEquals: { "aws:ResourceTag/seatrial": "made for a fault" } } }]);
    }
    const sids = Statement.map(({ Sid }) => Sid);
    expect(new Set(sids).size).toBe(sids.length);
  });
  test("with a group of the user's own, and connections kept, makes none", () => {
    const kept = ec2({ region, isolation: "sg-0123456789abcdef0", established: "keep" }).needs(["cut"]);
    expect(kept.map(({ action }) => action).filter((action) => /Create|Authorize|Revoke|SecurityGroup/.test(action))).toEqual(["ec2:CreateTags"]);
  });
});
