/** Users on servers that never stop, in a process of its own, so that its memory is theirs alone. Prints how each touch ended, and how far the memory grew. */
import { http } from "../../../drivers/http/index.ts";
import type { TouchFailed } from "../../../src/model/op.ts";
import { userContext } from "../../contract/driver.ts";

const users = 20;
const sites: Readonly<Record<string, string>> = JSON.parse(process.argv[2]!);
const peakBytes = (): number => process.resourceUsage().maxRSS * 1_024;

/** Every user touches twice: what a connection held must go with it. */
async function touch(base: string): Promise<string[]> {
  const driver = http({ base, timeout: "30s", bodyLimitBytes: 200_000 });
  const ended = await Promise.all(
    Array.from({ length: users }, async () => {
      const { context } = userContext();
      const session = await driver.open(context);
      const causes: string[] = [];
      for (let n = 0; n < 2; n++) causes.push(await session.get("/").then((reply) => `ok ${reply.bytes.length}`, (error: TouchFailed) => `${error.outcome} ${error.failure.cause}`));
      await driver.close(session);
      return causes;
    }),
  );
  return [...new Set(ended.flat())];
}

// What is loaded and compiled once is nobody's flood.
await touch(sites["nothing"]!);
const beforeBytes = peakBytes();
const causes: Record<string, string[]> = {};
for (const [name, base] of Object.entries(sites)) causes[name] = await touch(base);
process.stdout.write(JSON.stringify({ causes, grewBytes: peakBytes() - beforeBytes }));
