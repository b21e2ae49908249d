import { spawn } from "node:child_process";

export interface Setting {
  readonly env?: Readonly<Record<string, string>>;
  /** Exit codes that are all right. Default: 0. */
  readonly codes?: readonly number[];
  /** Longer than this hangs, and is killed. */
  readonly seconds: number;
}

/** Runs a program to its end and answers what it printed; throws, with the end of what it said, when it fails. */
export async function program([file, ...words]: readonly string[], { env = {}, codes = [0], seconds }: Setting): Promise<string> {
  const child = spawn(file!, words, { env: { ...process.env, ...env }, stdio: ["ignore", "pipe", "pipe"] });
  const alarm = setTimeout(() => child.kill("SIGKILL"), seconds * 1_000);
  let [out, err] = ["", ""];
  child.stdout.setEncoding("utf8").on("data", (text: string) => (out += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (err = (err + text).slice(-2_000)));
  const code = await new Promise<number | null>((resolve, reject) => child.once("error", reject).once("close", resolve));
  clearTimeout(alarm);
  if (code === null || !codes.includes(code)) throw new Error(`${file} ended with ${code}:\n${err}\n${out.slice(-1_000)}`);
  return out;
}
