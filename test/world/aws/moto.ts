import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { describeWith } from "../../needs.ts";
import pinned from "../../../.ci/moto.json" with { type: "json" };

const cache = process.env["SEATRIAL_MOTO"] ?? join(process.env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache"), "seatrial-moto");
const python = join(cache, pinned.version, "bin/python");

/** Ends with its parent, however that ends: when the pipe that it reads is closed. */
const program = `
import os, sys, threading
threading.Thread(target=lambda: (sys.stdin.read(), os._exit(0)), daemon=True).start()
from moto.server import main
main(["-H", "127.0.0.1", "-p", "0"])
`;

/** A server that answers as AWS does; nothing in it is real, and nothing leaves this machine. */
export interface Moto extends AsyncDisposable {
  readonly endpoint: string;
  /** What moto itself offers beside AWS: `post("reset-auth", "0")` makes it check IAM policies from now on. */
  post(path: string, body: string): Promise<void>;
}

/** A suite that needs the server; without it, it says so, and fails in CI. */
export const describeMoto = (name: string, suite: () => void): void => describeWith(`moto ${pinned.version}`, existsSync(python), "node .ci/moto.mjs", name, suite);

export async function moto(): Promise<Moto> {
  const child = spawn(python, ["-c", program], { stdio: ["pipe", "ignore", "pipe"] });
  let said = "";
  const endpoint = await new Promise<string>((resolve, reject) => {
    child.once("exit", (code) => reject(new Error(`moto ended with ${code}: ${said}`)));
    child.once("error", reject);
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      if (said.length < 10_000) said += text;
      const found = /Running on (http:\/\/127\.0\.0\.1:\d+)/.exec(said);
      if (found) resolve(found[1]!);
    });
  });
  return {
    endpoint,
    post: async (path, body) => {
      const answer = await fetch(`${endpoint}/moto-api/${path}`, { method: "POST", body, headers: { "content-type": body.startsWith("{") ? "application/json" : "text/plain" } });
      if (!answer.ok) throw new Error(`moto-api/${path}: ${answer.status} ${await answer.text()}`);
    },
    [Symbol.asyncDispose]: async () => {
      const gone = new Promise((resolve) => child.once("exit", resolve));
      if (child.exitCode === null && child.signalCode === null) {
        child.stdin.end();
        await gone;
      }
    },
  };
}
