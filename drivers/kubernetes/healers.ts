import type { Healer } from "../../src/faults/index.ts";
import { awsHealers } from "./aws/index.ts";
import { chaosHealers } from "./chaos/index.ts";
import { kubernetesHealers } from "./faults/index.ts";

/** The healers of faults that a Kubernetes cluster alone can have: they are asked about no other. */
export const healers = { ...kubernetesHealers, ...awsHealers, ...chaosHealers } as unknown as Readonly<Record<string, Healer>>;
