/**
 * A node: this process leads a process group, and the replicas on the node are in it. It does as the
 * supervisor says, and when the supervisor is gone it ends its whole group.
 * Arguments: the folder to delete when the supervisor is gone, if any.
 */
import { spawn, type ChildProcess } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { freePort } from "../ports.ts";
import { killGroup, removeFolder } from "../programs.ts";
import { hear, say, type NodeNews, type NodeOrder, type StartOrder } from "../wire.ts";
import { signalTree } from "./tree.ts";

const folder = process.argv[2];
const replicas = new Map<string, ChildProcess>();
const tell = (news: NodeNews) => say(process.stdout, news);

async function startReplica({ id, command, cwd, env, log }: StartOrder): Promise<void> {
  const [program = "", ...args] = command;
  const port = await freePort();
  const out = openSync(log, "a");
  const child = spawn(program, args, { cwd, env: { ...process.env, ...env, PORT: String(port) }, stdio: ["ignore", out, out] });
  closeSync(out);
  replicas.set(id, child);
  const ended = (how: string) => {
    if (replicas.delete(id)) tell({ is: "ended", id, how });
  };
  child.once("spawn", () => tell({ is: "started", id, port }));
  child.once("error", (error) => ended(error.message));
  child.once("exit", (code, signal) => ended(signal ? `ended by ${signal}` : `ended with code ${code}`));
}

function obey(order: NodeOrder): void {
  if (order.do === "start") {
    startReplica(order).catch((error: Error) => tell({ is: "ended", id: order.id, how: error.message }));
    return;
  }
  const child = replicas.get(order.id);
  if (child?.pid === undefined) return;
  const { pid } = child;
  switch (order.do) {
    case "freeze":
      return signalTree(pid, "SIGSTOP");
    case "thaw":
      return signalTree(pid, "SIGCONT");
    case "kill":
      return signalTree(pid, "SIGKILL");
    case "end": {
      signalTree(pid, "SIGTERM");
      signalTree(pid, "SIGCONT"); // a frozen one hears nothing
      const timer = setTimeout(() => signalTree(pid, "SIGKILL"), order.graceMs);
      child.once("exit", () => clearTimeout(timer));
    }
  }
}

/** Ends the replicas and waits for them, so that nothing writes into the folder any more; then the rest of the group. */
async function end(): Promise<never> {
  const endings = [...replicas.values()].map((child) => new Promise((resolve) => child.once("exit", resolve)));
  for (const child of replicas.values()) if (child.pid !== undefined) signalTree(child.pid, "SIGKILL");
  await Promise.race([Promise.all(endings), new Promise((resolve) => setTimeout(resolve, 1_000))]);
  if (folder) removeFolder(folder);
  killGroup(process.pid);
  process.exit();
}

hear<NodeOrder>(process.stdin, obey);
process.stdin.on("close", () => void end());
process.stdout.on("error", () => {}); // the supervisor is gone; our standard input says so too
tell({ is: "up" });
