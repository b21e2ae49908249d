import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { problem } from "../units/errors.ts";
import { version } from "./version.ts";

const firstScenario = "seatrial.scenario.ts";

const scenarioText = `import { arrivals, journey, podLoss, scenario } from "seatrial";
import { http } from "seatrial/http";
import { local } from "seatrial/local";

// The service under trial, by its name in the cluster below. For one that runs already:
// http({ base: "https://shop.staging.example" }), and no cluster.
const greeter = http({ service: "greeter" });

// What a user does. Every request is measured from the moment it was due.
const visit = journey({ greeter }, async ({ greeter }, user) => {
  await greeter.get("/");
  await user.think("50ms", "200ms");
  await greeter.get(\`/greetings/\${user.pick(["ahoy", "hello", "moin"])}\`, { name: "/greetings/:word" });
});

const load = { visit: arrivals("20/s") };

export default scenario({
  name: "first trial",
  journeys: { visit },
  // Two replicas of server.mjs behind a load balancer, for this run only.
  cluster: local({
    services: { greeter: { command: ["node", "server.mjs"], replicas: 2, ready: "/ready" } },
  }),
  phases: [
    { name: "warm up", for: "2s", judged: false, load: { visit: arrivals("5/s", { to: "20/s" }) } },
    { name: "steady", for: "5s", load },
    // The platform promises to replace a lost replica in time; whoever was served by it may see errors.
    {
      name: "lose a replica", load, hold: "2s",
      fault: podLoss("greeter"),
      recover: { by: "platform", within: "15s" },
      budget: { visit: { errors: "10%" } },
    },
  ],
  budget: {
    visit: { p95: "250ms", errors: "1%", dropped: "0%" },
  },
});
`;

const serverText = `// A stand-in for your service, so that the first trial runs as it is. The local cluster says which port.
import { createServer } from "node:http";

const server = createServer((request, response) => {
  const word = /^\\/greetings\\/(\\w+)$/.exec(request.url ?? "")?.[1];
  if (request.url === "/ready" || request.url === "/") response.end("ok\\n");
  else if (word) response.end(JSON.stringify({ greeting: word }));
  else response.writeHead(404).end();
});
server.listen(Number(process.env.PORT ?? 8080), "127.0.0.1");
process.on("SIGTERM", () => server.close());
`;

interface Manifest {
  type?: string;
  private?: boolean;
  scripts?: Record<string, string>;
  dependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
}

/**
 * Writes a first scenario that runs as it is: `npx seatrial run seatrial.scenario.ts`.
 * Overwrites nothing.
 *
 * @param folder made where it is not there
 * @returns what became of each file, a line each, and the next command
 * @throws SEA_FOLDER when it can't be written, SEA_INIT_MANIFEST for a package.json that is not JSON
 */
export async function init(folder: string): Promise<readonly string[]> {
  try {
    await mkdir(folder, { recursive: true });
    return [
      await writeNew(folder, firstScenario, scenarioText),
      await writeNew(folder, "server.mjs", serverText),
      await completeManifest(folder),
      `then: npm install && npx seatrial run ${firstScenario}`,
    ];
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    if (code?.startsWith("SEA_")) throw cause;
    throw problem("SEA_FOLDER", { folder, error: message }, folder, cause);
  }
}

async function writeNew(folder: string, file: string, text: string): Promise<string> {
  try {
    await writeFile(join(folder, file), text, { flag: "wx" });
    return `written    ${file}`;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    return `kept       ${file}`;
  }
}

async function completeManifest(folder: string): Promise<string> {
  const file = "package.json";
  const path = join(folder, file);
  const text = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
  const own: Manifest = { scripts: { trial: `seatrial run ${firstScenario}` }, devDependencies: { seatrial: `^${await version()}` } };
  if (text === undefined) {
    await writeFile(path, `${JSON.stringify({ private: true, type: "module", ...own }, null, 2)}\n`, { flag: "wx" });
    return `written    ${file}`;
  }
  let there: Manifest;
  try {
    there = JSON.parse(text) as Manifest;
  } catch (cause) {
    throw problem("SEA_INIT_MANIFEST", { file: path, error: (cause as Error).message }, path, cause);
  }
  const hasPackage = "seatrial" in { ...there.dependencies, ...there.devDependencies };
  const hasScript = there.scripts?.["trial"] !== undefined;
  if (hasPackage && hasScript) return `kept       ${file}`;
  const whole: Manifest = {
    ...there,
    scripts: { ...own.scripts, ...there.scripts },
    ...(hasPackage ? {} : { devDependencies: { ...there.devDependencies, ...own.devDependencies } }),
  };
  const indent = /\n([ \t]+)"/.exec(text)?.[1] ?? 2;
  await writeFile(path, `${JSON.stringify(whole, null, indent)}\n`);
  return `completed  ${file}`;
}
