import { spawn } from "node:child_process";
import { text } from "node:stream/consumers";

export interface Timed {
  /** All that it printed on standard output. */
  readonly out: string;
  /** User and system, of the process and of all that it started and waited for. */
  readonly cpuSeconds: number;
}

interface Terms {
  /** It is ended after so long. */
  readonly seconds: number;
  readonly env?: Readonly<Record<string, string>> | undefined;
  readonly input?: string | undefined;
}

/**
 * Runs a program to its end and says what CPU it took: by the shell's own `time`, for Node tells of its children nothing.
 *
 * @throws when it fails, with the end of what it said
 */
export async function timed(words: readonly string[], { seconds, env, input = "" }: Terms): Promise<Timed> {
  const child = spawn("bash", ["-c", `TIMEFORMAT="cpu %U %S"; time "$@"`, "bash", "timeout", String(seconds), ...words], { env: { ...process.env, ...env }, stdio: ["pipe", "pipe", "pipe"] });
  child.stdin.on("error", () => undefined).end(input);
  const [out, said, code] = await Promise.all([
    text(child.stdout), text(child.stderr),
    new Promise<number | null>((resolve, reject) => child.once("error", reject).once("close", resolve)),
  ]);
  const [, user, system] = /cpu ([\d.]+) ([\d.]+)\s*$/.exec(said) ?? [];
  if (code !== 0 || user === undefined) throw new Error(`${words.join(" ")} ended with ${code}:\n${said.slice(-2_000)}`);
  return { out, cpuSeconds: Number(user) + Number(system) };
}
