import { createHash } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import type { Plain } from "../../../src/model/cluster.ts";
import { problem, SeatrialError } from "../../../src/units/errors.ts";
import type { Random } from "../../../src/units/random.ts";
import type { Api, JsonPatch, Thing } from "../api/api.ts";
import { resourceOf, type Located } from "./located.ts";

/** One field, what it was, and what the harm makes of it. Undefined where there is none. */
export interface Field {
  /** Keys from the object down. */
  readonly path: readonly (string | number)[];
  readonly was?: Plain;
  readonly now?: Plain;
}

/**
 * A change of one object that can be told from everybody else's, and taken back: the object carries the
 * mark while it lasts. Plain data, part of an aim.
 */
export interface Swap {
  readonly at: Located;
  readonly mark: string;
  readonly fields: readonly Field[];
}

/** The label of an object that a fault has changed. Annotations would be copied to what a controller makes of it. */
export const markLabel = "seatrial.dev/harm";
const markPath = ["metadata", "labels", markLabel] as const;
/** Others write nodes and statuses all the time. */
const mostTries = 8;

/** A mark of this run's harm. */
export const markOf = (run: string, random: Random): string => createHash("sha256").update(`${run} ${random.next()}`).digest("hex").slice(0, 20);

export function valueAt(thing: unknown, path: Field["path"]): Plain | undefined {
  return path.reduce<unknown>((from, key) => (from as Record<string | number, unknown> | null | undefined)?.[key], thing) as Plain | undefined;
}

/** A field as it is in the object now. */
export function fieldOf(thing: Thing, path: Field["path"], now: Plain | undefined): Field {
  const was = valueAt(thing, path);
  return { path, ...(was !== undefined && { was }), ...(now !== undefined && { now }) };
}

/** @throws SEA_AIM_EMPTY where another fault has changed the object, and not put it back */
export function assertUnmarked(kind: string, thing: Thing): void {
  const mark = thing.metadata.labels?.[markLabel];
  if (mark !== undefined) throw problem("SEA_AIM_EMPTY", { fault: kind, what: `${thing.kind} ${thing.metadata.name} still carries the harm of another run (label ${markLabel}=${mark}), which heal --on takes away` });
}

const pointer = (path: Field["path"]): string => path.map((key) => `/${String(key).replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");

/** What turns one value into another; folders on the way are made. */
function step(thing: unknown, path: Field["path"], to: Plain | undefined): JsonPatch[] {
  if (to === undefined) return valueAt(thing, path) === undefined ? [] : [{ op: "remove", path: pointer(path) }];
  const above = path.slice(0, -1).map((_, index) => path.slice(0, index + 1));
  const folders = above.filter((folder) => valueAt(thing, folder) === undefined).map((folder): JsonPatch => ({ op: "add", path: pointer(folder), value: {} }));
  return [...folders, { op: "add", path: pointer(path), value: to }];
}

/** Makes the server refuse a patch, as a conflict, of an object that is no more as it was read. */
export const asRead = ({ metadata }: Thing): JsonPatch => ({ op: "add", path: "/metadata/resourceVersion", value: metadata.resourceVersion! });

/** Asks for a change of the object as it was read; once more where somebody else was faster. */
async function change(api: Api, at: Located, patchOf: (thing: Thing) => readonly JsonPatch[] | undefined): Promise<boolean> {
  for (let tries = 1; ; tries++) {
    const thing = await api.read(resourceOf(at), at.name, at.namespace);
    if (thing?.metadata.uid !== at.uid) return false;
    const patch = patchOf(thing);
    if (!patch) return true;
    try {
      await api.patch(resourceOf(at), at.name, at.namespace, { json: [asRead(thing), ...patch] });
      return true;
    } catch (error) {
      if (!(error instanceof SeatrialError)) throw error;
      if (error.code === "SEA_KUBE_NOT_FOUND") return false;
      if (error.code !== "SEA_KUBE_CONFLICT" || tries === mostTries) throw error;
    }
  }
}

/** Does the harm, and marks it; nothing more where it is done. False: the object is no more. */
export function swap(api: Api, { at, mark, fields }: Swap): Promise<boolean> {
  return change(api, at, (thing) => {
    if (thing.metadata.labels?.[markLabel] === mark) return undefined;
    return [...step(thing, markPath, mark), ...fields.flatMap(({ path, now }) => step(thing, path, now))];
  });
}

/**
 * Takes the harm back where it is marked, and what others have changed meanwhile stays: a field that is
 * not as the harm made it. The server writes some values in its own way, so those of `loosely` count as the
 * harm's as long as the mark is there.
 */
export async function swapBack(api: Api, { at, mark, fields }: Swap, loosely = false): Promise<void> {
  await change(api, at, (thing) => {
    if (thing.metadata.labels?.[markLabel] !== mark) return undefined;
    const ours = fields.filter(({ path, now }) => loosely || isDeepStrictEqual(valueAt(thing, path), now));
    return [...step(thing, markPath, undefined), ...ours.flatMap(({ path, was }) => step(thing, path, was))];
  });
}

/** Is the harm there? Not where the object is no more. */
export async function isSwapped(api: Api, { at, mark }: Swap): Promise<boolean> {
  const thing = await api.read(resourceOf(at), at.name, at.namespace);
  return thing?.metadata.uid === at.uid && thing.metadata.labels?.[markLabel] === mark;
}

/** Is none of the harms there any more? */
export const noneSwapped = async (api: Api, swaps: readonly Swap[]): Promise<boolean> => !(await Promise.all(swaps.map((one) => isSwapped(api, one)))).includes(true);
