/**
 * What `npm test` does: the type check, then every suite that needs no cluster. Its last line is
 * `N passed, N failed, N skipped`; a type error, or a run that broke, counts as a failure.
 * Arguments go to vitest: `npm test -- test/units`.
 */
import { conclude, counted, run } from "./suites.mjs";

const types = await run("tsc", ["-p", "tsconfig.json", "--pretty", "false"]);
const typeErrors = types.text.match(/: error TS\d+:|^error TS\d+:/gm)?.length ?? 0;
const counts = await counted(
  ["--config", "test/vitest.config.ts", "--exclude", "test/cluster/**", ...process.argv.slice(2)],
  async ([tool, ...args], env) => (await run(tool, args, env)).code,
);
counts.failed += types.code === 0 ? 0 : Math.max(1, typeErrors);
conclude(counts);
