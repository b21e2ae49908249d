import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

/** Lends the address of a plain server in a process of its own. */
export async function withServer<T>(use: (base: string) => Promise<T>): Promise<T> {
  const server = spawn(process.execPath, [fileURLToPath(new URL("server.ts", import.meta.url))], { stdio: ["pipe", "pipe", "inherit"] });
  try {
    const [port] = (await once(createInterface(server.stdout), "line")) as [string];
    return await use(`http://127.0.0.1:${port}`);
  } finally {
    server.kill("SIGKILL");
  }
}
