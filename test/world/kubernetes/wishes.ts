import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { mostNodes, type Bed } from "./bed.ts";

/** What can be asked for beside the cluster itself. */
export const extras = ["chaos-mesh"] as const;
export type Extra = (typeof extras)[number];

export interface Wishes {
  /** Real nodes: node1, node2, … */
  readonly nodes: number;
  /** Nodes on paper: fake1, fake2, … */
  readonly fake: number;
  readonly with: readonly Extra[];
}

const mostFakes = 1_000;

/** What a bed was asked for so far and is asked for now; it never shrinks. Pure. */
export function addWishes(before: Wishes, now: Partial<Wishes>): Wishes {
  const count = (what: string, value: number, most: number): number => {
    if (!Number.isInteger(value) || value < 0 || value > most) throw new Error(`${what}: a whole number up to ${most}`);
    return value;
  };
  const unknown = (now.with ?? []).filter((extra) => !extras.includes(extra));
  if (unknown.length > 0) throw new Error(`no bed has ${unknown.join(", ")}; there is ${extras.join(", ")}`);
  return {
    nodes: Math.max(before.nodes, count("nodes", now.nodes ?? before.nodes, mostNodes)),
    fake: Math.max(before.fake, count("fake nodes", now.fake ?? before.fake, mostFakes)),
    with: [...new Set([...before.with, ...(now.with ?? [])])],
  };
}

const fileOf = (bed: Bed): string => join(bed.folder, "wishes.json");

/** What a bed was asked for; undefined for one that never was. */
export const wishesOf = (bed: Bed): Wishes | undefined => (existsSync(fileOf(bed)) ? (JSON.parse(readFileSync(fileOf(bed), "utf8")) as Wishes) : undefined);

export function keepWishes(bed: Bed, wishes: Wishes): void {
  const work = `${fileOf(bed)}.new`;
  writeFileSync(work, JSON.stringify(wishes));
  renameSync(work, fileOf(bed));
}
