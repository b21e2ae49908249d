/** A server in a process of its own that counts what it is asked, by path. */
import { spawn, type ChildProcess } from "node:child_process";

const text = `import { createServer } from "node:http";
const seen = {};
const server = createServer((request, response) => {
  if (request.url.startsWith("/tally/")) {
    const taken = Object.entries(seen).filter(([path]) => path.startsWith(request.url.slice(6)));
    for (const [path] of taken) delete seen[path];
    response.end(JSON.stringify(Object.fromEntries(taken)));
  } else {
    seen[request.url] = (seen[request.url] ?? 0) + 1;
    response.end("ok");
  }
});
server.listen(0, "127.0.0.1", () => console.log(server.address().port));
process.stdin.on("close", () => process.exit(0)).resume();
`;

export interface TallyServer {
  readonly base: string;
  /** What was asked since the last take, by path; all, or what begins with `/under/`. */
  take(under?: string): Promise<Readonly<Record<string, number>>>;
  stop(): void;
}

export async function tallyServer(): Promise<TallyServer> {
  const child: ChildProcess = spawn(process.execPath, ["--input-type=module", "-e", text], { stdio: ["pipe", "pipe", "inherit"] });
  const port = await new Promise<string>((resolve, reject) => {
    child.once("error", reject);
    child.stdout!.once("data", (chunk: Buffer) => resolve(String(chunk).trim()));
  });
  const base = `http://127.0.0.1:${port}`;
  return {
    base,
    take: async (under) => (await (await fetch(`${base}/tally/${under === undefined ? "" : `${under}/`}`)).json()) as Record<string, number>,
    stop: () => void child.kill("SIGKILL"),
  };
}
