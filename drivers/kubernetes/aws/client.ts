import { problem } from "../../../src/units/errors.ts";
import type { AwsSettings } from "./settings.ts";

type Ec2Client = InstanceType<(typeof import("@aws-sdk/client-ec2"))["EC2"]>;
type ScalingClient = InstanceType<(typeof import("@aws-sdk/client-auto-scaling"))["AutoScaling"]>;
type FisClient = InstanceType<(typeof import("@aws-sdk/client-fis"))["Fis"]>;

/** The clients of one account and region; each is made, and its package loaded, when it is first asked for. */
export interface Clients {
  readonly ec2: () => Promise<Ec2Client>;
  readonly scaling: () => Promise<ScalingClient>;
  readonly fis: () => Promise<FisClient>;
}

/** The SDK waits longer between these, and throttling is what it waits for. */
const attempts = 5;
const connectWithinMs = 3_000;
const answerWithinMs = 8_000;

async function loaded<T>(name: string, load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    // Another package that is missing inside of it is another mistake.
    if (code !== "ERR_MODULE_NOT_FOUND" || !message.includes(`'${name}'`)) throw cause;
    throw problem("SEA_AWS_PACKAGE", { package: name }, undefined, cause);
  }
}

/** Without a profile and a role the SDK goes its own way, and the package for the others is not needed. */
async function credentialsOf({ region, profile, role, endpoint }: AwsSettings) {
  if (profile === undefined && role === undefined) return {};
  const { fromNodeProviderChain, fromTemporaryCredentials } = await loaded("@aws-sdk/credential-providers", () => import("@aws-sdk/credential-providers"));
  const own = fromNodeProviderChain(profile === undefined ? {} : { profile });
  if (role === undefined) return { credentials: own };
  const clientConfig = { region, ...(endpoint === undefined ? {} : { endpoint }) };
  return { credentials: fromTemporaryCredentials({ masterCredentials: own, params: { RoleArn: role, RoleSessionName: "seatrial" }, clientConfig }) };
}

async function configOf(settings: AwsSettings) {
  const { region, endpoint } = settings;
  return {
    region,
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(await credentialsOf(settings)),
    maxAttempts: attempts,
    // Without the last word, a call that hangs is only warned of.
    requestHandler: { connectionTimeout: connectWithinMs, requestTimeout: answerWithinMs, throwOnRequestTimeout: true },
  };
}

export function clientsOf(settings: AwsSettings): Clients {
  const once = <T>(make: () => Promise<T>): (() => Promise<T>) => {
    let made: Promise<T> | undefined;
    // What failed, such as a package that is missing, is tried again.
    return () => (made ??= make().catch((error: unknown) => ((made = undefined), Promise.reject(error))));
  };
  return {
    ec2: once(async () => new (await loaded("@aws-sdk/client-ec2", () => import("@aws-sdk/client-ec2"))).EC2(await configOf(settings))),
    scaling: once(async () => new (await loaded("@aws-sdk/client-auto-scaling", () => import("@aws-sdk/client-auto-scaling"))).AutoScaling(await configOf(settings))),
    fis: once(async () => new (await loaded("@aws-sdk/client-fis", () => import("@aws-sdk/client-fis"))).Fis(await configOf(settings))),
  };
}

const shared = new Map<string, Clients>();
const mostShared = 16;

/** The same clients for the same settings: a heal that is asked ten times a second must not begin anew each time. */
export function sharedClients(settings: AwsSettings): Clients {
  const key = JSON.stringify(settings);
  const found = shared.get(key);
  if (found) return found;
  if (shared.size >= mostShared) shared.clear();
  const made = clientsOf(settings);
  shared.set(key, made);
  return made;
}
