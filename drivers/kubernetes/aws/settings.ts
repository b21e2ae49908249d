import { problem } from "../../../src/units/errors.ts";

/** How AWS is spoken to: where, and as whom. Plain data, so that healing finds it again from another process. */
export interface AwsSettings {
  /** Such as `"eu-central-1"`. */
  readonly region: string;
  /** A profile of the AWS configuration files. Default: the SDK's chain (environment, SSO, web identity, the machine's role). */
  readonly profile?: string;
  /** The ARN of a role to take on first. */
  readonly role?: string;
  /** An address to speak to in place of AWS's own: a VPC endpoint, or a server for trying. */
  readonly endpoint?: string;
}

export interface Ec2Settings extends AwsSettings {
  /** A security group without rules that cuts a node off, by its id. Default: one that is made for it, and removed afterwards. */
  readonly isolation?: string;
  /**
   * What becomes of connections that are open when a node is cut off. A security group lets them live; `"drop"` ends
   * them, too, by a moment (between two calls) in which the node's interfaces let everything through. Default `"drop"`, and
   * refused for interfaces with an address of the internet, where it has to be said.
   */
  readonly established?: "drop" | "keep";
  /**
   * Keep the node's Auto Scaling group from replacing it while it is stopped or cut off: its processes HealthCheck
   * and ReplaceUnhealthy are suspended, and resumed once all of its instances run. Default false.
   */
  readonly holdGroup?: boolean;
  /** Terminate also instances that nobody replaces. Default false. */
  readonly evenAlone?: boolean;
}

const refuse = (setting: string, value: unknown, form: string, of: string) =>
  problem("SEA_AWS_SETTING", { setting, value: typeof value === "string" ? value : JSON.stringify(value) ?? String(value), form, of }, `${of}.${setting}`);

type Check = readonly [test: (value: unknown) => boolean, form: string];
const like = (pattern: RegExp): ((value: unknown) => boolean) => (value) => typeof value === "string" && pattern.test(value);
const isAddress = (value: unknown): boolean => typeof value === "string" && URL.canParse(value) && /^https?:$/.test(new URL(value).protocol);
const isFlag: Check = [(value) => typeof value === "boolean", "true or false"];

const common: Readonly<Record<string, Check>> = {
  region: [like(/^[a-z]{2}(-[a-z]+)+-\d$/), 'the name of a region, such as "eu-central-1"'],
  profile: [like(/^\S+$/), "the name of a profile"],
  role: [like(/^arn:[\w-]+:iam::\d{12}:role\/\S+$/), "the ARN of a role, such as arn:aws:iam::123456789012:role/game-day"],
  endpoint: [isAddress, "an http or https address"],
};
const machines: Readonly<Record<string, Check>> = {
  isolation: [like(/^sg-[0-9a-f]{8,17}$/), "the id of a security group, such as sg-0123456789abcdef0"],
  established: [(value) => value === "drop" || value === "keep", '"drop" or "keep"'],
  holdGroup: isFlag,
  evenAlone: isFlag,
};

function read<S extends AwsSettings>(given: S, checks: Readonly<Record<string, Check>>, of: string): S {
  if (typeof given !== "object" || given === null) throw refuse("settings", given, 'an object such as { region: "eu-central-1" }', of);
  const kept: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(given)) {
    if (value === undefined || name === "kind") continue;
    const check = checks[name];
    if (!check) throw refuse(name, value, `one of ${Object.keys(checks).join(", ")}`, of);
    if (!check[0](value)) throw refuse(name, value, check[1], of);
    kept[name] = value;
  }
  if (kept["region"] === undefined) throw refuse("region", undefined, checks["region"]![1], of);
  return kept as unknown as S;
}

/** The settings without what is undefined. @throws SEA_AWS_SETTING */
export const readAws = (given: AwsSettings, of: string): AwsSettings => read(given, common, of);

/** Also from an address that was kept (`kind` beside the settings). @throws SEA_AWS_SETTING */
export const readEc2 = (given: Ec2Settings): Ec2Settings => read(given, { ...common, ...machines }, "ec2");
