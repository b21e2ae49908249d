import type { Sighting } from "../../../src/model/sighting.ts";
import { sayError } from "../../../src/units/errors.ts";
import type { Api, Meta, Thing } from "../api/api.ts";
import { endpointSlices, events } from "../api/resources.ts";
import type { Change, Watch } from "../watch/watch.ts";
import type { Caches } from "./caches.ts";
import type { Names } from "./names.ts";
import type { SlimNode, SlimPod } from "./slim.ts";

export interface Sights {
  readonly api: Api;
  readonly caches: Caches;
  readonly namespaces: readonly string[];
  readonly names: Names;
  readonly workloadOf: (pod: SlimPod) => string;
}

type See = (sighting: Sighting) => void;

interface SlimEvent {
  readonly uid: string;
  readonly of: string;
  readonly reason: string;
  readonly text: string;
  readonly count: number;
  readonly atMs: number | undefined;
}

interface SlimSlice {
  readonly uid: string;
  readonly service: string;
  /** By the name of the pod, or the address where there is none: does it take traffic? */
  readonly ready: ReadonlyMap<string, boolean>;
}

/** Tells what pods and nodes do from the watches that are open anyway, and opens those of endpoints and events. */
export async function watchSights({ api, caches, namespaces, names, workloadOf }: Sights, see: See, signal: AbortSignal): Promise<void> {
  const offs = [
    ...caches.pods.watches.map((watch) => watch.on((change) => pod(change, names, workloadOf, see))),
    ...caches.nodes.watches.map((watch) => watch.on((change) => node(change, see))),
  ];
  signal.addEventListener("abort", () => offs.forEach((off) => off()), { once: true });
  const extra = namespaces.flatMap((namespace): readonly Watch<unknown>[] => {
    const slices = api.watch(endpointSlices, { namespace, slim: slimSlice, signal });
    const said = api.watch(events, { namespace, slim: slimEvent, signal });
    let [slicesThere, saidThere] = [false, false];
    slices.on((change) => (change.kind === "synced" ? (slicesThere = true) : slicesThere && slice(change, see)));
    said.on((change) => (change.kind === "synced" ? (saidThere = true) : saidThere && event(change, see)));
    return [slices, said];
  });
  await Promise.all(extra.map(({ synced }) => synced.catch((error: unknown) => {
    // Those may not be read by this user, or the server has none: the rest is seen all the same.
    if (!signal.aborted) see({ what: "watch", name: api.context, turn: "lost", text: sayError(error) });
  })));
}

function pod(change: Change<SlimPod>, names: Names, workloadOf: Sights["workloadOf"], see: See): void {
  if (change.kind === "gap") return gap(change, "pods", see);
  if (change.kind === "synced" || change.kind === "overrun") return;
  const one = change.kind === "gone" ? change.was : change.now;
  const tell = (turn: Sighting["turn"], text?: string) => see({ what: "pod", name: names.of(one), turn, of: workloadOf(one), ...(text !== undefined && { text }) });
  const missed = change.missed ? "while the watch was away" : undefined;
  if (change.kind === "gone") return tell("gone", missed);
  if (change.kind === "added") tell("came", missed ?? one.node);
  const was = change.kind === "changed" ? change.was : undefined;
  if (was && !was.isEnding && one.isEnding) tell("unready", "asked to end");
  else if (one.ready !== (was?.ready ?? false)) tell(one.ready ? "ready" : "unready", missed);
}

function node(change: Change<SlimNode>, see: See): void {
  if (change.kind === "gap") return gap(change, "nodes", see);
  if (change.kind === "synced" || change.kind === "overrun") return;
  const one = change.kind === "gone" ? change.was : change.now;
  const tell = (turn: Sighting["turn"]) => see({ what: "node", name: one.name, turn, ...(change.missed && { text: "while the watch was away" }) });
  if (change.kind === "gone") return tell("gone");
  if (change.kind === "added") tell("came");
  if (one.ready !== (change.kind === "changed" && change.was.ready)) tell(one.ready ? "ready" : "unready");
}

function gap({ fromMs, toMs, why }: Change<unknown> & { readonly kind: "gap" }, of: string, see: See): void {
  see({ what: "watch", name: of, turn: "back", text: `heard nothing for ${Math.round(toMs - fromMs)} ms: ${why}` });
}

function slice(change: Change<SlimSlice>, see: See): void {
  if (change.kind !== "added" && change.kind !== "changed" && change.kind !== "gone") return;
  const was: SlimSlice["ready"] = change.kind === "added" ? new Map() : change.was.ready;
  const now: SlimSlice["ready"] = change.kind === "gone" ? new Map() : change.now.ready;
  const { service } = change.kind === "gone" ? change.was : change.now;
  const tell = (name: string, turn: Sighting["turn"]) => see({ what: "endpoint", name, turn, of: service });
  for (const name of was.keys()) if (!now.has(name)) tell(name, "gone");
  for (const [name, ready] of now) if (ready !== (was.get(name) ?? false)) tell(name, ready ? "ready" : "unready");
}

function event(change: Change<SlimEvent>, see: See): void {
  if (change.kind !== "added" && change.kind !== "changed") return;
  const { of, reason, text, atMs, count } = change.now;
  if (change.kind === "changed" && change.was.count === count) return;
  see({ what: "event", name: reason, turn: "said", of, text, ...(atMs !== undefined && { atMs }) });
}

function slimSlice({ metadata, ...rest }: Thing): SlimSlice {
  const { endpoints } = rest as { readonly endpoints?: readonly { readonly addresses?: readonly string[]; readonly conditions?: { readonly ready?: boolean }; readonly targetRef?: { readonly name?: string } }[] | null };
  const ready = new Map((endpoints ?? []).map(({ addresses = [], conditions, targetRef }) => [targetRef?.name ?? addresses[0] ?? "", conditions?.ready !== false]));
  return { uid: metadata.uid ?? "", service: metadata.labels?.["kubernetes.io/service-name"] ?? metadata.name, ready };
}

const mostText = 300;

function slimEvent({ metadata, ...rest }: Thing): SlimEvent {
  const { regarding, involvedObject, reason = "", message = "", count = 1, eventTime, lastTimestamp } = rest as {
    readonly regarding?: Partial<Meta> & { readonly kind?: string }; readonly involvedObject?: Partial<Meta> & { readonly kind?: string };
    readonly reason?: string; readonly message?: string; readonly count?: number; readonly eventTime?: string | null; readonly lastTimestamp?: string | null;
  };
  const about = involvedObject ?? regarding;
  const said = eventTime ?? lastTimestamp ?? metadata.creationTimestamp;
  const atMs = said === undefined ? Number.NaN : Date.parse(said);
  return {
    uid: metadata.uid ?? "", of: about ? `${about.kind ?? ""} ${about.name ?? ""}`.trim() : "", reason, count,
    text: message.slice(0, mostText), atMs: Number.isFinite(atMs) ? atMs : undefined,
  };
}
