import { availableParallelism } from "node:os";
import { join } from "node:path";
import type { Command } from "commander";
import { CurrentPhase } from "../ledger/current.ts";
import { appendTo } from "../ledger/file.ts";
import type { EndLine, Line } from "../ledger/lines.ts";
import type { Cluster } from "../model/cluster.ts";
import { stopQuestion } from "../judge/index.ts";
import { runLine } from "../play/facts.ts";
import { Escaped, play, type PlayOptions } from "../play/play.ts";
import type { Plan } from "../plan/plan.ts";
import { poolWarnings } from "../plan/pools.ts";
import { socketWarnings } from "../plan/sockets.ts";
import { realClock, type Clock } from "../units/clock.ts";
import { descriptorLimit, machineSize } from "../units/machine.ts";
import { freshSeed, seeded } from "../units/random.ts";
import { watchSelf } from "../units/self.ts";
import { conclude, reportOption } from "./conclude.ts";
import { exitCodes } from "./exit.ts";
import { artifactsIn, folderOf, ledgerName, makeRunFolder } from "./folder.ts";
import { runId } from "./id.ts";
import { lastFailedOf } from "./last-failed.ts";
import { loadScenario } from "./load.ts";
import { consentOf, consentOptions, scenarioOptions, seedOption, uiOption, wantsConsent, workersOption, type RunOptions } from "./options.ts";
import { lacking, possible } from "./optional.ts";
import { sayAside, sayProblem } from "./say.ts";
import { regressionOptions } from "./regression.ts";
import { ready, type Ready } from "./scenario.ts";
import { listenForStops } from "./signals.ts";
import { Helm } from "./ui/helm.ts";
import type { Ui } from "./ui/index.ts";
import { version } from "./version.ts";
import type { Workers } from "./workers.ts";

/** `seatrial run FILE`: plays a scenario for real. */
export function runVerb(program: Command): void {
  consentOptions(regressionOptions(scenarioOptions(program.command("run").argument("<scenario>", "the scenario's file"))))
    .description("play a scenario for real, judge it, and write the reports")
    .option("--out <folder>", "where the ledger and the reports go (default: seatrial-runs/<run>)")
    .addOption(seedOption())
    .addOption(reportOption())
    .addOption(workersOption())
    .addOption(uiOption())
    .option("--last-failed", "only the journeys with a failed walk in the latest run of this scenario")
    .action(async (file: string, { lastFailed, ...asked }: RunOptions & { readonly lastFailed?: boolean }) => {
      const options: RunOptions = { ...asked, ...(lastFailed && { only: await lastFailedOf(await loadScenario(file)) }) };
      const whole = await ready(file, options);
      if (!whole) return;
      wantsConsent(whole, options);
      // Before anything is opened: a driver that lacks its package lacks it now.
      const run = await possible(file, whole, options, lacking);
      if (run) process.exitCode = await watched(file, run.known, run.options);
    });
}

/** Sails, on a live page where one was asked for. It is opened first: a port in use must leave nothing behind. */
async function watched(file: string, known: Ready, options: RunOptions): Promise<number> {
  if (!options.ui) return sail(file, known, options);
  const { openUi } = await import("./ui/index.ts");
  const helm = new Helm();
  const ui = await openUi({ address: options.ui, clock: realClock(), say: sayAside, act: (ask, by) => helm.act(ask, by) });
  try {
    return await sail(file, known, options, { ui, helm });
  } finally {
    await ui.close();
  }
}

/** Storms that the cluster would refuse end the run before it begins. */
async function unguarded(cluster: Cluster, say: (text: string, level: "warning") => void): Promise<void> {
  const [first] = (await cluster.guard?.closed()) ?? [];
  if (first) throw first;
  const signs = (await cluster.guard?.signs()) ?? [];
  if (signs.length > 0) say(`${cluster.name} LOOKS LIKE PRODUCTION: ${signs.join("; ")}. It will be harmed, as was asked.`, "warning");
}

const usesAbort = (plan: Plan): boolean => JSON.stringify([plan.budget, plan.phases.map((phase) => phase.budget)]).includes('"abort":');

/** Undefined when a person or a signal ended it before it was done. */
async function untilStopped<T>(stop: AbortSignal, act: (signal: AbortSignal) => Promise<T>): Promise<T | undefined> {
  // A signal of its own: what was opened must not end with a stop that comes later, for it has to be healed.
  const given = new AbortController();
  const giveUp = () => given.abort();
  if (stop.aborted) giveUp();
  stop.addEventListener("abort", giveUp, { once: true });
  try {
    return await act(given.signal);
  } catch (error) {
    if (!stop.aborted || stop.reason instanceof Escaped) throw error;
    return undefined;
  } finally {
    stop.removeEventListener("abort", giveUp);
  }
}

/** The threads that make the load, where it is not this one. */
async function hired(file: string, plan: Plan, { workers: count = 1, ...options }: RunOptions, folder: string, clock: Clock): Promise<Workers | undefined> {
  if (count === 1) return undefined;
  const { startWorkers } = await import("./workers.ts");
  return startWorkers(count, plan, { file, options, folder }, clock);
}

async function companyOf({ threads, start }: Workers, run: string, seed: number): Promise<PlayOptions["company"]> {
  const { ThreadCompany } = await import("../play/workers/threads.ts");
  return (deck, noted, fail) => new ThreadCompany(deck, noted, fail, { threads, start, run, seed });
}

async function sail(file: string, { plan, place, warnings }: Ready, options: RunOptions, page?: { readonly ui: Ui; readonly helm: Helm }): Promise<number> {
  const { mannerOf, LiveTerminal } = await import("../../reports/terminal/index.ts");
  const live = new LiveTerminal(process.stderr, mannerOf(process.stderr, process.env));
  let clock = realClock();
  const say = (text: string, level: "info" | "warning" | "error" = "info") => {
    const said = { t: clock.now(), level, text };
    live.say(said);
    page?.ui.tell({ say: said });
  };
  const id = runId(clock.wallMs());
  const seed = options.seed ?? plan.seed ?? freshSeed();
  const random = seeded(seed);
  const workers = await hired(file, plan, options, folderOf(id, options.out), clock);
  const folder = await makeRunFolder(id, options.out);
  const stops = listenForStops(clock, say);
  if (page) page.helm.stops = stops;
  const sink = appendTo(join(folder, ledgerName));
  const self = watchSelf();
  let cluster: Cluster | undefined;
  let end: EndLine | undefined;
  for (const warning of [...warnings, ...socketWarnings(plan, descriptorLimit()), ...poolWarnings(plan, machineSize())]) say(warning, "warning");
  try {
    if (place) {
      say(`opening cluster ${place.name} (${place.kind})`);
      const opened = await untilStopped(stops.stop, (signal) => place.open({ clock, random: random.fork("cluster"), signal, run: id, folder, consent: consentOf(options), say }));
      if (!opened) {
        say("stopped before the trial began; nothing was harmed");
        return exitCodes.interrupted;
      }
      cluster = opened;
      if (plan.phases.some((phase) => phase.storm)) await unguarded(cluster, say);
    }
    const cores = availableParallelism();
    if (workers && workers.threads.length > cores) say(`${workers.threads.length} workers on ${cores} cores make no more load than ${cores}`, "warning");
    say(`${plan.name}: run ${id}, seed ${seed}${workers ? `, ${workers.threads.length} workers` : ""}`);
    const company = workers && (await companyOf(workers, id, seed));
    // The run's time begins now, however long the cluster took to open.
    clock = realClock();
    // Only budgets that end a run early need a view while it is under way.
    const current = usesAbort(plan) ? new CurrentPhase() : undefined;
    const write = (line: Line) => {
      sink.write(line);
      current?.add(line);
      page?.ui.tell({ line });
    };
    end = await play(plan, {
      clock, random, cluster, write, self,
      facts: runLine(plan, { id, seed, startedMs: clock.wallMs(), mode: "run", version: await version(), file, ...(place && { place }), ...(workers && { workers: workers.threads.length }) }),
      flush: () => sink.flush(),
      ...(place && { mayLose: place.mayLose }),
      artifacts: artifactsIn(folder),
      stop: stops.stop,
      halt: stops.halt,
      stopQuestion: current && ((countedMs) => {
        const view = current.view();
        return view && stopQuestion(view, { countedMs });
      }),
      company,
      onHands: (hands) => page && (page.helm.hands = hands),
      onProgress: (progress) => {
        live.update(progress);
        page?.ui.tell({ progress });
      },
      onSay: (level, text) => say(text, level),
    });
  } finally {
    self.stop();
    await workers?.end();
    live.end();
    try {
      sink.close();
    } catch (error) {
      sayProblem(error);
      if (end) end = { ...end, how: "failed" };
    }
    await cluster?.close().catch(sayProblem);
    stops.release();
  }
  return conclude([join(folder, ledgerName)], { folder, formats: options.report, end, isPart: plan.regression?.shard !== undefined, tell: page && ((told) => page.ui.conclude(told)) });
}
