import { readFileSync } from "node:fs";
import { http, type HttpSession } from "../../../drivers/http/index.ts";
import { scenario, users, type Driver, type Journey } from "../../../src/index.ts";
import { appendTo } from "../../../src/ledger/file.ts";
import { play } from "../../../src/play/play.ts";
import { watchSelf } from "../../../src/units/self.ts";
import { planOf, realRun, withLedger } from "../core/voyage.ts";

/** The target as the environment names it. */
export function shopOf(): Driver<HttpSession> {
  const ca = process.env["BENCH_CA"];
  return http({ base: process.env["BENCH_BASE"]!, ...(ca !== undefined && { tls: { ca: readFileSync(ca) } }) });
}

/**
 * Walks a journey as `seatrial run` does, with the users and for the seconds that the environment names, and prints the
 * number of requests.
 *
 * @throws when a single one failed
 */
export async function sail(walk: Journey<any>, requestsPerWalk: number): Promise<void> {
  const plan = planOf(scenario({
    name: "bench", journeys: { walk },
    phases: [{ name: "steady", for: `${Number(process.env["BENCH_SECONDS"])}s`, load: { walk: users(Number(process.env["BENCH_USERS"])) } }],
  }));
  await withLedger(async (path) => {
    const ledger = appendTo(path);
    const self = watchSelf();
    let [walks, failures] = [0, 0];
    const end = await play(plan, {
      ...realRun(plan, new AbortController().signal), self, flush: () => ledger.flush(),
      write: (line) => {
        ledger.write(line);
        if (line.k !== "sec") return;
        for (const cell of line.p) walks += cell[4];
        for (const cell of line.d) failures += cell[2] + cell[3];
      },
      onSay: (_level, text) => process.stderr.write(`${text}\n`),
    });
    self.stop();
    ledger.close();
    if (end.how !== "done" || failures > 0) throw new Error(`${end.how} with ${failures} failures`);
    process.stdout.write(JSON.stringify({ requests: walks * requestsPerWalk }));
  });
}
