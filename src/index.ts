/** Seatrial's front door: the words of a scenario. Drivers have doors of their own (`seatrial/http`, …). */
export { scenario, isScenario, type Scenario, type Phase, type Load } from "./model/scenario.ts";
export { journey, type Journey } from "./model/journey.ts";
export type { User } from "./model/user.ts";
export { arrivals, users, times, shape, split, type Pace } from "./model/pace.ts";
export { between, constant, pacing, throughput, type Wait } from "./model/wait.ts";
export { rows, csv, json, type Feeder, type FeedOrder } from "./model/feeder.ts";
export { probe, type Probe, type Reading } from "./model/probe.ts";
export { everyNoted, type Survival } from "./model/survival.ts";
export type { Budget, Budgets, JourneyBudget, Limits } from "./model/budget.ts";
export type { Driver, Drivers, OpenContext, Sessions } from "./model/driver.ts";
export type { Aim, Fault, Recovery, Recover, Target } from "./model/fault.ts";
export { podLoss, podFreeze, nodeLoss, nodeCut, dataLoss, badCanary, restore, undo } from "./faults/index.ts";
export type { Cluster, Place, MayLose, Release } from "./model/cluster.ts";
export type { Outcome, Failure, Recorder } from "./model/op.ts";
export type { Duration } from "./units/duration.ts";
export type { Rate } from "./units/rate.ts";
export type { Percent } from "./units/percent.ts";
export { SeatrialError, type ErrorCode } from "./units/errors.ts";
