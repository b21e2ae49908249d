import type { Healer } from "../../src/faults/index.ts";
import { awsHealers } from "./aws/index.ts";
import { chaosHealers } from "./chaos/index.ts";

/** The healers of faults that a Kubernetes cluster alone can have: they are asked about no other. */
export const healers = { ...awsHealers, ...chaosHealers } as unknown as Readonly<Record<string, Healer>>;
