import { posix } from "node:path";
import type { SourceFile, Tree } from "./tree.ts";

type Sources = ReadonlyMap<string, SourceFile>;

const below = ["src/units", "src/mask"];
const middle = [...below, "src/model"];
const upper = [...middle, "src/faults", "src/plan", "src/ledger"];
const tower = [...upper, "src/judge", "src/play", "src/sim"];

/** Which rooms each room may import from, beside itself. */
const rooms: Readonly<Record<string, readonly string[]>> = {
  "src/units": [],
  "src/mask": [],
  "src/model": below,
  "src/faults": middle,
  "src/plan": middle,
  "src/ledger": middle,
  "src/recording": below,
  "src/judge": upper,
  "src/play": upper,
  "src/sim": upper,
  "src/fleet": tower,
  "src/cli": [...tower, "src/fleet", "src/recording", "src/index.ts", "reports"],
  "src/index.ts": [...middle, "src/faults", "src/ledger", "src/judge"],
  drivers: middle,
  reports: [...middle, "src/ledger"],
  scenarios: ["drivers", "src/index.ts"],
};

/** The only arrows to a driver from the core: when a run needs it, never before. */
const lazily: Readonly<Record<string, readonly string[]>> = { "src/cli": ["drivers"] };

/** Drivers of what begins as an HTTP request share its settings, logins, cookies and masks with the HTTP driver; those of other people's programs share how one is run, and those of flows on a screen how a touch waits. */
const kin: Readonly<Record<string, readonly string[]>> = {
  "drivers/messages": ["drivers/http"],
  "drivers/postman": ["drivers/http"],
  "drivers/websocket": ["drivers/http", "drivers/messages"],
  "drivers/sse": ["drivers/http", "drivers/messages"],
  "drivers/command": ["drivers/http"],
  "drivers/artillery": ["drivers/command"],
  "drivers/suite": ["drivers/command"],
  "drivers/web": ["drivers/flow"],
  "drivers/mobile": ["drivers/flow"],
  // Its own faults are weighed and made whole as those that every cluster can have.
  "drivers/kubernetes": ["src/faults"],
};

/** `src/units/clock.ts` is in src/units, `drivers/http/index.ts` in drivers/http. */
function roomOf(file: string): string {
  const [top, room] = file.split("/");
  return top === "src" || top === "drivers" ? `${top}/${room}` : top!;
}
/** The room's name in the tables: every driver is like the others. */
const kindOf = (room: string) => (room.startsWith("drivers/") ? "drivers" : room);

export function wrongArrows(sources: Sources): string[] {
  const wrong: string[] = [];
  for (const [file, { arrows }] of sources) {
    const from = roomOf(file);
    const allowed = rooms[kindOf(from)];
    if (!allowed) {
      wrong.push(`${file}: the room ${from} is in no table: add it to test/house/checks.ts`);
      continue;
    }
    for (const { to, how, line } of arrows) {
      const room = roomOf(to);
      if (!sources.has(to) && !/\.(json|mjs)$/.test(to)) wrong.push(`${file}:${line}: imports ${to}, which is not there`);
      if (room === from || allowed.includes(kindOf(room)) || kin[from]?.includes(room)) continue;
      const isLazy = lazily[kindOf(from)]?.includes(kindOf(room)) ?? false;
      if (isLazy && how !== "value") continue;
      wrong.push(`${file}:${line}: imports ${to}; ${from} may import ${allowed.join(", ") || "nothing"}${isLazy ? `, and ${kindOf(room)} only by import() or as a type` : ""}`);
    }
  }
  return wrong;
}

/** Files that need each other before they can run. Type imports are gone by then, and import() comes later. */
export function cycles(sources: Sources): string[] {
  const found = new Set<string>();
  const done = new Set<string>();
  const visit = (file: string, path: readonly string[]): void => {
    const at = path.indexOf(file);
    if (at >= 0) {
      const ring = path.slice(at);
      const first = ring.indexOf([...ring].sort()[0]!);
      found.add([...ring.slice(first), ...ring.slice(0, first), ring[first]!].join(" -> "));
      return;
    }
    if (done.has(file)) return;
    for (const { to, how } of sources.get(file)?.arrows ?? []) if (how === "value") visit(to, [...path, file]);
    done.add(file);
  };
  for (const file of sources.keys()) visit(file, []);
  return [...found];
}

/** Doors that load a package before anybody used them. */
export function heavyDoors(sources: Sources, doors: readonly string[]): string[] {
  const wrong: string[] = [];
  for (const door of doors) {
    const seen = new Map<string, string>([[door, door]]);
    for (const [file, path] of seen) {
      const source = sources.get(file);
      for (const { from, how, line } of source?.packages ?? []) if (how === "value") wrong.push(`${path}:${line}: loads the package ${from} at once; import() it where it is used`);
      for (const { to, how } of source?.arrows ?? []) if (how === "value" && !seen.has(to)) seen.set(to, `${path} -> ${to}`);
    }
  }
  return wrong;
}

/** @param allowed why a file, or a folder that ends in a slash, may use the machine's time or chance */
export function borrowedTime(sources: Sources, allowed: Readonly<Record<string, string>>): string[] {
  const places = Object.keys(allowed);
  const used = new Set<string>();
  const wrong: string[] = [];
  for (const [file, { borrowed }] of sources) {
    const place = places.find((one) => (one.endsWith("/") ? file.startsWith(one) : file === one));
    if (place !== undefined && borrowed.length > 0) used.add(place);
    if (place === undefined) wrong.push(...borrowed.map(({ what, line }) => `${file}:${line}: uses ${what}; take a Clock or a Random`));
  }
  return [...wrong, ...places.filter((one) => !used.has(one)).map((one) => `${one}: is allowed to use time, and does not; take it off the list`)];
}

/** Exports that nobody imports and no door offers. @param users sources that may import them, tests too */
export function unusedExports(sources: Sources, users: Sources, doors: readonly string[], entries: readonly string[]): string[] {
  const used = new Set<string>();
  for (const { arrows } of users.values()) {
    for (const { to, names } of arrows) for (const name of names) used.add(`${to} ${name}`);
  }
  const wrong: string[] = [];
  for (const [file, { exports }] of sources) {
    if (doors.includes(file) || entries.some((one) => file.startsWith(one)) || used.has(`${file} *`)) continue;
    for (const { name, line, isNamed } of exports) {
      if (!isNamed && !used.has(`${file} ${name}`)) wrong.push(`${file}:${line}: exports ${name}, which nobody imports`);
    }
  }
  return wrong;
}

const vague = /^(utils?|helpers?|common|misc|shared|stuff)(\.|$)/;

export function vagueNames(tree: Tree): string[] {
  return [...tree.keys()].flatMap((file) => (file.split("/").some((part) => vague.test(part)) ? [`${file}: name it after what it holds`] : []));
}

/** Rooms without a README, or with one that does not fit a screen. */
export function readmes(tree: Tree, mostLines: number): string[] {
  const folders = new Set([...tree.keys()].filter((file) => file.endsWith(".ts")).map((file) => {
    const room = roomOf(file);
    return room.endsWith(".ts") ? "src" : room.startsWith("scenarios") && file.split("/").length > 2 ? posix.dirname(file) : room;
  }));
  folders.delete("src");
  return [...folders].sort().flatMap((folder) => {
    const text = tree.get(`${folder}/README.md`);
    if (text === undefined) return [`${folder}: has no README.md`];
    const lines = text.trimEnd().split("\n").length;
    return lines > mostLines ? [`${folder}/README.md: has ${lines} lines; a room's README fits one screen, ${mostLines}`] : [];
  });
}
