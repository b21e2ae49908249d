/** The door of the simulated world. */
export { virtualClock, type VirtualClock } from "./clock.ts";
export type { SimCluster } from "./cluster.ts";
export { sim, simLike, type SimOptions } from "./place.ts";
export type { SimService } from "./platform.ts";
export { troubled, type Trouble } from "./trouble.ts";
