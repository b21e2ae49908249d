import { problem } from "../../../src/units/errors.ts";
import type { Collection } from "./collection.ts";
import type { AuthShape, EventShape, ItemShape, RequestShape } from "./shape.ts";

/** A script, and whose it is. One of a folder is shared by all steps in it. */
export interface StepScript {
  readonly code: string;
  readonly place: string;
  readonly owner: string;
}

/** One request of a collection, with all that it inherits. */
export interface Step {
  readonly id: string;
  readonly name: string;
  /** The folders around it, from the outside. */
  readonly path: readonly string[];
  readonly request: RequestShape;
  readonly auth: AuthShape | null | undefined;
  readonly behavior: Readonly<Record<string, unknown>>;
  readonly prerequest: readonly StepScript[];
  readonly test: readonly StepScript[];
  /** What of its scripts could not be read. */
  readonly unread: readonly string[];
}

interface Around {
  readonly path: readonly string[];
  readonly auth: AuthShape | null | undefined;
  readonly behavior: Readonly<Record<string, unknown>>;
  readonly prerequest: readonly StepScript[];
  readonly test: readonly StepScript[];
  readonly unread: readonly string[];
  /** It, or a folder around it, is one of those that were asked for. */
  readonly taken: boolean;
}

/**
 * The requests in the order in which they are sent.
 *
 * @param folder names or ids of folders or requests; empty for all
 * @throws SEA_POSTMAN_FOLDER for one that is not there, SEA_POSTMAN_EMPTY when nothing is left
 */
export function stepsOf({ file, shape }: Collection, folder: readonly string[]): readonly Step[] {
  const steps: Step[] = [];
  const known = new Set<string>();
  const names: string[] = [];
  const walk = (item: ItemShape, around: Around, isTop: boolean): void => {
    const name = item.name ?? "";
    if (!isTop) {
      for (const one of [name, item.id]) if (one) known.add(one);
      if (name !== "") names.push(name);
    }
    const place = [...around.path, ...(isTop ? [] : [name])].join(" › ") || "the collection";
    const events = (item.event ?? []).filter(({ disabled }) => disabled !== true);
    const inside: Around = {
      path: around.path,
      auth: authOf(item) ?? around.auth,
      behavior: { ...around.behavior, ...item.protocolProfileBehavior },
      prerequest: [...around.prerequest, ...scriptsOf(events, "prerequest", place, name)],
      test: [...around.test, ...scriptsOf(events, "test", place, name)],
      unread: [...around.unread, ...unreadOf(events, place)],
      taken: around.taken || (!isTop && (folder.includes(name) || (item.id !== undefined && folder.includes(item.id)))),
    };
    if (Array.isArray(item.item)) for (const child of item.item) walk(child, { ...inside, path: isTop ? [] : [...around.path, name] }, false);
    else if (item.request !== undefined && inside.taken) steps.push({ ...inside, id: item.id ?? name, name, request: item.request as RequestShape });
  };
  walk({ ...shape, name: shape.info.name ?? "" }, { path: [], auth: undefined, behavior: {}, prerequest: [], test: [], unread: [], taken: folder.length === 0 }, true);
  for (const one of folder) if (!known.has(one)) throw problem("SEA_POSTMAN_FOLDER", { folder: one, known: names.slice(0, 20).join(", ") || "nothing" }, file);
  if (steps.length === 0) throw problem("SEA_POSTMAN_EMPTY", {}, file);
  return steps;
}

/** Undefined inherits; so does a login without a type. */
function authOf({ auth, request }: ItemShape): AuthShape | null | undefined {
  return (typeof request === "object" ? request.auth : undefined) ?? auth ?? undefined;
}

function scriptsOf(events: readonly EventShape[], listen: string, place: string, owner: string): StepScript[] {
  return events.flatMap((event) => {
    const code = event.listen === listen ? codeOf(event) : "";
    return code.trim() === "" ? [] : [{ code, place: `${place}, ${listen === "test" ? "test" : "pre-request"} script`, owner }];
  });
}

function codeOf({ script }: EventShape): string {
  const exec = typeof script === "string" ? script : script?.exec;
  return exec === undefined || exec === null ? "" : [exec].flat().join("\n");
}

function unreadOf(events: readonly EventShape[], place: string): string[] {
  return events.flatMap(({ listen, script }) => {
    if (listen !== "prerequest" && listen !== "test") return [`${place}: a script for ${listen ?? "nothing"}`];
    return typeof script === "object" && script?.src !== undefined && script.exec === undefined ? [`${place}: a script in a file of its own`] : [];
  });
}
