/** Faults of Chaos Mesh. */
export { chaos } from "./chaos.ts";
export { chaosMesh, type Manifest } from "./raw.ts";
export { chaosHealers, type ChaosFault, type ChaosOptions } from "./fault.ts";
export type { ChaosAim } from "./life/aim.ts";
