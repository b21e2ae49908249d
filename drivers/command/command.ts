import { spawn, type ChildProcess } from "node:child_process";
import type { Clock } from "../../src/units/clock.ts";
import { Kept, Tail } from "./output.ts";

/** What is run, and where. */
export interface CommandLine {
  /** As a shell takes it. */
  readonly run: string;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** Standard output up to so many bytes is kept whole; beyond that, none of it is. */
  readonly keepBytes: number;
}

/** How a command ended. */
export interface Ending {
  /** Undefined for one that a signal ended, or that never began. */
  readonly code: number | undefined;
  /** What ended it where no exit code says so: `"SIGKILL"`, `"ENOENT"`. */
  readonly by: string | undefined;
  /** Undefined when there was more than is kept. */
  readonly stdout: string | undefined;
  /** The last of both outputs, as they came. */
  readonly said: string;
}

/** A command that is asked to end gets so long before it is killed. */
const politeMs = 1_500;
/** After its end, whoever left its group may still hold its outputs open. */
const drainMs = 1_000;
const saidBytes = 64 * 1_024;

/**
 * A program that others wrote, with everything it starts: in a process group of its own, which is
 * killed when the command is over, when it is told to end, and when this process is gone.
 */
export class Command {
  /** Never rejects. */
  readonly ended: Promise<Ending>;
  readonly #clock: Clock;
  readonly #child: ChildProcess;
  #isOver = false;

  constructor({ run, cwd, env, keepBytes }: CommandLine, clock: Clock) {
    this.#clock = clock;
    this.#child = spawn(run, { cwd, env, shell: true, detached: true, stdio: ["ignore", "pipe", "pipe"] });
    const guard = this.#child.pid === undefined ? undefined : guardOf(this.#child.pid);
    const kept = new Kept(keepBytes);
    const said = new Tail(saidBytes);
    this.#child.stdout!.on("data", (bytes: Buffer) => {
      kept.add(bytes);
      said.add(bytes);
    });
    this.#child.stderr!.on("data", (bytes: Buffer) => said.add(bytes));
    this.ended = this.#end().then(async ([code, by]) => {
      await guard?.release();
      return { code, by, stdout: kept.text, said: said.text };
    });
  }

  /** Asks the whole group to end, and makes it when it does not; answers when it is gone. Can be said twice. */
  async end(): Promise<void> {
    if (!this.#isOver) {
      this.#signal("SIGTERM");
      const cancel = this.#clock.at(this.#clock.now() + politeMs, () => this.#signal("SIGKILL"));
      await this.ended;
      cancel();
    }
    await this.ended;
  }

  #signal(name: NodeJS.Signals): void {
    if (this.#isOver || this.#child.pid === undefined) return;
    signalGroup(this.#child.pid, name);
  }

  #end(): Promise<[code: number | undefined, by: string | undefined]> {
    const { promise, resolve } = Promise.withResolvers<[number | undefined, string | undefined]>();
    let end: [number | undefined, string | undefined] | undefined;
    let cancel: (() => void) | undefined;
    const done = () => {
      cancel?.();
      resolve(end!);
    };
    this.#child
      .once("error", (error: NodeJS.ErrnoException) => {
        this.#isOver = true;
        end ??= [undefined, error.code ?? error.message];
        done();
      })
      .once("exit", (code, signal) => {
        // What it left behind in its group ends with it.
        this.#signal("SIGKILL");
        this.#isOver = true;
        end = [code ?? undefined, signal ?? undefined];
        cancel = this.#clock.at(this.#clock.now() + drainMs, () => {
          this.#child.stdout?.destroy();
          this.#child.stderr?.destroy();
        });
      })
      .once("close", done);
    return promise;
  }
}

function signalGroup(leader: number, name: NodeJS.Signals): void {
  try {
    process.kill(-leader, name);
  } catch {
    // Nobody is left.
  }
}

/**
 * Kills the group when this process is gone, however it went: then the guard's input ends without
 * the line that lets it go.
 */
function guardOf(leader: number): { release(): Promise<void> } {
  const guard = spawn("/bin/sh", ["-c", 'read line || kill -s KILL -- "-$1"', "sh", String(leader)], { detached: true, stdio: ["pipe", "ignore", "ignore"] });
  // One that could not begin, or ended first, guards nothing; the command is ended by us all the same.
  const gone = new Promise<void>((resolve) => guard.once("error", () => resolve()).once("close", () => resolve()));
  guard.stdin.on("error", () => undefined);
  return {
    release() {
      guard.stdin.end("released\n");
      return gone;
    },
  };
}
