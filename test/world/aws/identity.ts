import { region } from "./account.ts";

/**
 * Calls IAM in its plain words; only while moto does not look at who calls.
 *
 * @returns what the answer has under the names asked for
 */
async function iam(endpoint: string, words: Readonly<Record<string, string>>): Promise<(name: string) => string> {
  const answer = await fetch(endpoint, {
    method: "POST",
    headers: { authorization: `AWS4-HMAC-SHA256 Credential=owner/20260101/${region}/iam/aws4_request, SignedHeaders=host, Signature=0`, "content-type": "application/x-www-form-urlencoded" },
    body: new URLSearchParams({ Version: "2010-05-08", ...words }),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${words["Action"]}: ${answer.status} ${text}`);
  return (name) => new RegExp(`<${name}>([^<]*)</${name}>`).exec(text)?.[1] ?? "";
}

/** A user with keys, who may do these calls and no others. moto weighs actions, and neither resources nor conditions. */
export async function userOf(endpoint: string, name: string, actions: readonly string[]): Promise<{ readonly id: string; readonly secret: string }> {
  await iam(endpoint, { Action: "CreateUser", UserName: name });
  const PolicyDocument = JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: actions, Resource: "*" }] });
  await iam(endpoint, { Action: "PutUserPolicy", UserName: name, PolicyName: "all", PolicyDocument });
  const key = await iam(endpoint, { Action: "CreateAccessKey", UserName: name });
  return { id: key("AccessKeyId"), secret: key("SecretAccessKey") };
}

/** A role that anybody may take on. */
export async function roleOf(endpoint: string, name: string, actions: readonly string[]): Promise<string> {
  const AssumeRolePolicyDocument = JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", Principal: { AWS: "*" }, Action: "sts:AssumeRole" }] });
  const role = await iam(endpoint, { Action: "CreateRole", RoleName: name, AssumeRolePolicyDocument });
  const PolicyDocument = JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: actions, Resource: "*" }] });
  await iam(endpoint, { Action: "PutRolePolicy", RoleName: name, PolicyName: "all", PolicyDocument });
  return role("Arn");
}
