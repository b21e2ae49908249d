import { spawn } from "node:child_process";

export interface Answer {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

export interface Setting {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string;
  /** The longest it may take, in ms. Default: 60 s; then it is killed and answers with code 124. */
  readonly limitMs?: number;
}

/** Runs a program and answers what it said; a program that can't be started answers with code 127. */
export function ask(words: readonly string[], setting: Setting = {}): Promise<Answer> {
  const [program = "", ...args] = words;
  return new Promise((resolve) => {
    const child = spawn(program, args, { cwd: setting.cwd, env: { ...process.env, ...setting.env }, stdio: ["pipe", "pipe", "pipe"] });
    let out = "";
    let err = "";
    let late = false;
    child.stdout.setEncoding("utf8").on("data", (text: string) => void (out += text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => void (err += text));
    const limit = setTimeout(() => {
      late = true;
      child.kill("SIGKILL");
    }, setting.limitMs ?? 60_000);
    child.on("error", (error) => {
      clearTimeout(limit);
      resolve({ code: 127, out, err: error.message });
    });
    child.on("close", (code) => {
      clearTimeout(limit);
      resolve({ code: late ? 124 : (code ?? 1), out, err });
    });
    // A program that ends without reading its input is no mistake of this process.
    child.stdin.on("error", () => {});
    child.stdin.end(setting.input ?? "");
  });
}

/** Runs a program that must succeed, and answers what it printed. */
export async function run(words: readonly string[], setting: Setting = {}): Promise<string> {
  const answer = await ask(words, setting);
  if (answer.code !== 0) throw new Error(`${words.join(" ")} ended with code ${answer.code}: ${(answer.err || answer.out).trim().slice(-2_000)}`);
  return answer.out;
}

/**
 * Waits until `found` answers something, asking again every 100 ms.
 *
 * @param what is waited for; asked for at the end when it is a function
 */
export async function until<T>(what: string | (() => string), limitMs: number, found: () => Promise<T | undefined | false> | T | undefined | false): Promise<T> {
  const start = Date.now();
  for (;;) {
    const answer = await found();
    if (answer !== undefined && answer !== false) return answer;
    if (Date.now() - start > limitMs) throw new Error(`${typeof what === "string" ? what : what()}: not within ${limitMs / 1_000} s`);
    await pause(100);
  }
}

export const pause = (waitMs: number): Promise<void> => new Promise((resolve) => void setTimeout(resolve, waitMs));
