import type { Aim, Mending } from "../../../src/model/fault.ts";
import type { KubernetesFault } from "../consent/fault.ts";
import type { AwsNeed } from "./policy.ts";

/** A fault that AWS has a hand in. It says what it asks of the API server, and what of AWS. */
export interface AwsFault<A extends Aim, By extends Mending = "platform"> extends KubernetesFault<A, By> {
  /** For `iamPolicy`. */
  readonly awsNeeds: readonly AwsNeed[];
}
