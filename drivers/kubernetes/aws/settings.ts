import { durationMs, type Duration } from "../../../src/units/duration.ts";
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

/** @param needed those that can't be left out, beside the region */
function read<S extends AwsSettings>(given: S, checks: Readonly<Record<string, Check>>, of: string, needed: readonly string[] = []): S {
  if (typeof given !== "object" || given === null) throw refuse("settings", given, 'an object such as { region: "eu-central-1" }', of);
  const kept: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(given)) {
    if (value === undefined || name === "kind") continue;
    const check = checks[name];
    if (!check) throw refuse(name, value, `one of ${Object.keys(checks).join(", ")}`, of);
    if (!check[0](value)) throw refuse(name, value, check[1], of);
    kept[name] = value;
  }
  for (const name of ["region", ...needed]) if (kept[name] === undefined) throw refuse(name, undefined, checks[name]![1], of);
  return kept as unknown as S;
}

/** Also from an address that was kept (`kind` beside the settings). @throws SEA_AWS_SETTING */
export const readEc2 = (given: Ec2Settings): Ec2Settings => read(given, { ...common, ...machines }, "ec2");

export interface FisSettings extends AwsSettings {
  /** The id of the experiment template: `"EXT…"`. */
  readonly template: string;
  /**
   * What the template may harm at the most, as the cluster's `mayLose` has to allow it. Where the template names how many
   * (`COUNT(n)`, or its resources), it is held to this; where it takes a share or all of what has a tag, this is your word.
   */
  readonly harms: { readonly nodes?: number; readonly pods?: number; readonly data?: readonly string[] };
}

const isCount = (value: unknown): boolean => Number.isInteger(value) && (value as number) >= 1;
const isHarms = (value: unknown): boolean => {
  if (typeof value !== "object" || value === null || Object.keys(value).length === 0) return false;
  return Object.entries(value).every(([name, most]) => (name === "data" ? Array.isArray(most) && most.length > 0 && most.every((one) => typeof one === "string") : (name === "nodes" || name === "pods") && isCount(most)));
};

/** @throws SEA_AWS_SETTING */
export const readFis = (given: FisSettings): FisSettings =>
  read(given, { ...common, template: [like(/^[\w-]{8,64}$/), "the id of an experiment template: EXT…"], harms: [isHarms, "what it may harm at the most, such as { nodes: 1 }"] }, "fisExperiment", ["template", "harms"]);

export interface SpotSettings extends AwsSettings {
  /** The ARN of the role that FIS takes on, with ec2:SendSpotInstanceInterruptions; not the one that we do (`role`). */
  readonly fisRole: string;
  /** How many nodes; FIS takes 5 at once at the most. Default 1. */
  readonly count?: number;
  /** Only nodes of this pool. Default: any. */
  readonly pool?: string;
  /** From the notice to the end: 2 to 15 minutes. Default `"2m"`, which is what AWS gives. */
  readonly notice?: Duration;
  /** ARNs of CloudWatch alarms; one that fires stops it, if the notice has not been given yet. Default: none. */
  readonly alarms?: readonly string[];
  /** Also the last ready node (of the pool), or nodes with the last ready pod of a workload. Default false. */
  readonly evenLast?: boolean;
}

const isAlarms = (value: unknown): boolean => Array.isArray(value) && value.length <= 5 && value.every(like(/^arn:[\w-]+:cloudwatch:[\w-]+:\d{12}:alarm:.+$/));

/** As ISO 8601 has it, in minutes where they are whole: "PT2M", "PT2M30S". */
function durationText(ms: number): string {
  const seconds = Math.round(ms / 1_000) % 60;
  return `PT${Math.floor(Math.round(ms / 1_000) / 60)}M${seconds === 0 ? "" : `${seconds}S`}`;
}

/** The settings with their defaults; those of AWS apart. @throws SEA_AWS_SETTING, SEA_UNIT_DURATION */
export function readSpot(given: SpotSettings) {
  const of = "spotInterruption";
  const { fisRole, count = 1, pool, notice = "2m", alarms = [], evenLast = false, ...aws } = read(given, {
    ...common,
    fisRole: common["role"]!,
    count: [(value) => isCount(value) && (value as number) <= 5, "a whole number from 1 to 5"],
    pool: [like(/^\S+$/), "the name of a pool of nodes"],
    notice: [(value) => typeof value === "string", 'a duration from "2m" to "15m"'],
    alarms: [isAlarms, "up to 5 ARNs of CloudWatch alarms"],
    evenLast: isFlag,
  }, of, ["fisRole"]);
  const noticeMs = durationMs(notice, `${of}.notice`);
  if (noticeMs < 120_000 || noticeMs > 900_000) throw refuse("notice", notice, 'a duration from "2m" to "15m"', of);
  return { fisRole, count, pool, alarms, evenLast, aws, notice: durationText(noticeMs) };
}

/** @throws SEA_COUNT */
export function readMost(most: number, place: string): number {
  if (!isCount(most)) throw problem("SEA_COUNT", { value: String(most), least: 1 }, place);
  return most;
}
