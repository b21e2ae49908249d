/** The command line as a user meets it: a child process, its output, its exit code, and the ledger it leaves. */
import { spawn, type ChildProcess } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, readlinkSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll } from "vitest";
import type { Line, StormLine } from "../../src/ledger/lines.ts";
import { realClock } from "../../src/units/clock.ts";
import type { Summary } from "../../reports/json/summary.ts";

export const clock = realClock();
const main = fileURLToPath(new URL("../../src/cli/main.ts", import.meta.url));

/** A temporary folder with files in it; `remove` when the tests are over. */
export interface Home {
  readonly folder: string;
  path(...parts: readonly string[]): string;
  write(files: Readonly<Record<string, string>>): void;
  discard(name: string): void;
  remove(): void;
}

export function makeHome(files: Readonly<Record<string, string>> = {}): Home {
  const folder = mkdtempSync(join(tmpdir(), "seatrial-cli-"));
  const home: Home = {
    folder,
    path: (...parts) => join(folder, ...parts),
    write(more) {
      for (const [name, text] of Object.entries(more)) {
        mkdirSync(dirname(join(folder, name)), { recursive: true });
        writeFileSync(join(folder, name), text);
      }
    },
    discard: (name) => rmSync(join(folder, name)),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
  home.write(files);
  return home;
}

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly out: string;
  readonly err: string;
}

/** One that is under way. */
export interface Voyage {
  readonly pid: number;
  readonly ended: Promise<Ended>;
  readonly err: string;
  hasEnded(): boolean;
  /** As Ctrl-C in a terminal does: to the whole process group. */
  press(name?: NodeJS.Signals): void;
  /** Nobody reads any more what it says, as after `| head`. */
  deafen(): void;
  /** `kill -9` of this process alone. */
  kill(): void;
}

export interface Setting {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** A shell's words before the program, such as a limit: `"ulimit -f 8; exec"`. */
  readonly shell?: string;
  /** Longer than this hangs, and is killed. */
  readonly withinMs?: number;
}

/** What the tests started and has not ended; a test that failed must leave nothing behind. */
const underWay = new Set<ChildProcess>();
afterAll(() => underWay.forEach((child) => child.kill("SIGKILL")));

export function embark(args: readonly string[], { cwd, env = {}, shell, withinMs = 60_000 }: Setting = {}): Voyage {
  const { NODE_OPTIONS: _options, FORCE_COLOR: _colour, CI: _ci, ...clean } = process.env;
  const words = [process.execPath, main, ...args];
  const [program, rest] = shell === undefined ? [words[0]!, words.slice(1)] : ["bash", ["-c", `${shell} "$@"`, "bash", ...words]];
  const child = spawn(program, rest, { cwd, env: { ...clean, NO_COLOR: "1", ...env }, detached: true, stdio: ["ignore", "pipe", "pipe"] });
  underWay.add(child);
  let [out, err] = ["", ""];
  child.stdout.setEncoding("utf8").on("data", (text: string) => (out += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (err += text));
  const cancel = clock.at(clock.now() + withinMs, () => child.kill("SIGKILL"));
  const ended = new Promise<Ended>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) => {
      cancel();
      underWay.delete(child);
      resolve({ code, signal, out, err });
    });
  });
  return {
    pid: child.pid!,
    ended,
    get err() {
      return err;
    },
    hasEnded: () => child.exitCode !== null || child.signalCode !== null,
    press(name = "SIGINT") {
      if (child.exitCode === null && child.signalCode === null) process.kill(-child.pid!, name);
    },
    deafen() {
      child.stdout.destroy();
      child.stderr.destroy();
    },
    kill: () => void child.kill("SIGKILL"),
  };
}

export const seatrial = (args: readonly string[], setting?: Setting): Promise<Ended> => embark(args, setting).ended;

/** Signs of a mistake of ours on standard error: an error without a code, or one that nobody caught. */
export const mistakes = /^unexpected|[Uu]nhandled|[Uu]ncaught|escaped|^ {4}at |\wWarning:/m;

/** The whole lines of a ledger so far. */
export function linesOf(path: string): Line[] {
  if (!existsSync(path)) return [];
  return readFileSync(path, "utf8").split("\n").slice(0, -1).filter(Boolean).map((text) => JSON.parse(text) as Line);
}

export const stepsOf = (path: string): StormLine["step"][] => linesOf(path).flatMap((line) => (line.k === "storm" ? line.step : []));

export const summaryOf = (folder: string): Summary => JSON.parse(readFileSync(join(folder, "summary.json"), "utf8")) as Summary;

export async function until(what: string, found: () => boolean | Promise<boolean>, withinMs = 15_000): Promise<void> {
  const endMs = clock.now() + withinMs;
  while (!(await found())) {
    if (clock.now() > endMs) throw new Error(`not within ${withinMs} ms: ${what}`);
    await clock.sleep(10);
  }
}

/** Waits for a line of the ledger of a run that is under way. */
export async function sighted(voyage: Voyage, ledger: string, what: string, is: (line: Line) => boolean): Promise<void> {
  await until(what, () => {
    if (linesOf(ledger).some(is)) return true;
    if (voyage.hasEnded()) throw new Error(`ended without ${what}:\n${voyage.err}`);
    return false;
  });
}

/** The processes that live in a folder, whoever started them: whatever a run leaves behind has its working directory. */
export function crewIn(folder: string): number[] {
  return readdirSync("/proc").map(Number).filter((pid) => {
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
      // A zombie has ended; only its parent does not know yet.
      return readlinkSync(`/proc/${pid}/cwd`) === folder && stat.slice(stat.lastIndexOf(")") + 2)[0] !== "Z";
    } catch {
      return false;
    }
  });
}

export const deserted = (folder: string): Promise<void> => until(`the end of all processes in ${folder}`, () => crewIn(folder).length === 0, 5_000);

/** A service of one file for a local cluster: quick to start, nothing kept. */
export const greeterFile = `import { createServer } from "node:http";
const server = createServer((request, response) => response.end("ok"));
server.listen(Number(process.env.PORT), "127.0.0.1");
process.on("SIGTERM", () => process.exit(0));
`;
