import { createHash } from "node:crypto";
import type { Debt, Plain } from "../../../src/model/cluster.ts";
import type { Target } from "../../../src/model/fault.ts";
import { problem } from "../../../src/units/errors.ts";
import type { Thing } from "../api/api.ts";

/** What an undo record carries beside the debt: all that another machine needs to find the cluster again. */
export interface UndoRecord extends Debt {
  /** Where the record lies. */
  readonly namespace: string;
  /** The address of the place, as of the machine that wrote it. */
  readonly place: Plain;
  /** Orders the records of a cluster by when they were written. */
  readonly written: bigint;
}

/** One that carries our label, and can't be read. */
export interface BrokenRecord {
  readonly namespace: string;
  readonly name: string;
  readonly run: string;
  readonly why: string;
}

/** The label that all records have, for `kubectl get configmaps -l`. */
export const undoLabel = "seatrial.dev/undo=open";
const runLabel = "seatrial.dev/run";
const faultLabel = "seatrial.dev/fault";

/** The server takes no more than 1 MiB; its own fields need some of it. */
const mostBytes = 900_000;
const mostTargets = 50;

/** A label's value: as it is where it can be one, else what is left of it and a mark of the whole. */
export function labelOf(text: string): string {
  if (/^[A-Za-z0-9]([\w.-]{0,61}[A-Za-z0-9])?$/.test(text)) return text;
  const mark = createHash("sha256").update(text).digest("hex").slice(0, 8);
  return `${text.replace(/[^A-Za-z0-9-]+/g, "-").replace(/^-+/, "").slice(0, 50)}-${mark}`.replace(/^-/, "");
}

/** The name of the record of a debt: known from its id alone. */
export function recordName(id: string): string {
  const mark = createHash("sha256").update(id).digest("hex").slice(0, 8);
  const words = id.toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-+|-+$/g, "").slice(0, 60);
  return `seatrial-undo-${words}-${mark}`;
}

const sayTarget = ({ what, name, namespace }: Target) => `${what} ${namespace === undefined ? "" : `${namespace}/`}${name}`;

/**
 * The record as the cluster keeps it: a ConfigMap that a person can read, too.
 *
 * @throws SEA_UNDO_SIZE for one that the server would not take
 */
export function recordThing(debt: Debt, { namespace, place, context }: { readonly namespace: string; readonly place: Plain; readonly context: string }): Thing {
  const targets = ((debt.aim as { readonly targets?: readonly Target[] } | null)?.targets ?? []).map(sayTarget);
  const more = targets.length > mostTargets ? [`and ${targets.length - mostTargets} more`] : [];
  const until = new Date(debt.deadlineMs).toISOString();
  const data = {
    readme: [
      `Seatrial run ${debt.run} is breaking something here on purpose (${debt.fault}) and puts it back by ${until}.`,
      "If this is still here after that, the run is gone. Put it back with:",
      `  seatrial heal --on ${context} --run ${debt.run}`,
      "Deleting this by hand puts nothing back.",
      "",
    ].join("\n"),
    targets: [...targets.slice(0, mostTargets), ...more].join("\n"),
    deadline: until,
    record: JSON.stringify({ ...debt, place }, null, 1),
  };
  const bytes = Object.values(data).reduce((sum, text) => sum + Buffer.byteLength(text), 0);
  if (bytes > mostBytes) throw problem("SEA_UNDO_SIZE", { fault: debt.fault, kb: Math.ceil(bytes / 1_000), most: mostBytes / 1_000 }, debt.id);
  return {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: {
      name: recordName(debt.id),
      namespace,
      labels: { "app.kubernetes.io/managed-by": "seatrial", "seatrial.dev/undo": "open", [runLabel]: labelOf(debt.run), [faultLabel]: labelOf(debt.fault) },
    },
    data,
  };
}

/** What a ConfigMap with our label says. */
export function readRecord({ metadata: { name, namespace = "", labels, resourceVersion = "0" }, ...rest }: Thing): UndoRecord | BrokenRecord {
  const broken = (why: string): BrokenRecord => ({ namespace, name, run: labels?.[runLabel] ?? "unknown", why });
  let said: Partial<Debt & { place: Plain }>;
  try {
    said = JSON.parse((rest["data"] as { readonly record?: string } | undefined)?.record ?? "") as typeof said;
  } catch (error) {
    return broken((error as Error).message);
  }
  const { id, run, fault, aim, deadlineMs, place = null } = said ?? {};
  if (typeof id !== "string" || typeof run !== "string" || typeof fault !== "string" || typeof deadlineMs !== "number" || aim === undefined) return broken("it lacks a field");
  if (recordName(id) !== name) return broken(`it is a copy of ${recordName(id)}`);
  return { id, run, fault, aim, deadlineMs, place, namespace, written: BigInt(/^\d+$/.test(resourceVersion) ? resourceVersion : 0) };
}

export const isBroken = (record: UndoRecord | BrokenRecord): record is BrokenRecord => "why" in record;
