import { problem } from "../../../src/units/errors.ts";
import type { Clients } from "./client.ts";
import { runTag, tokenTag } from "./names.ts";
import { asked, codeOf } from "./refusal.ts";

type ExperimentStatus = "pending" | "initiating" | "running" | "completed" | "stopping" | "stopped" | "failed" | "cancelled";

/** An experiment of FIS as it stands. */
interface Experiment {
  readonly id: string;
  readonly status: ExperimentStatus;
  /** In FIS's words, with where it went wrong where it says so. */
  readonly reason: string;
  /** Did one of its actions begin? */
  readonly hasBegun: boolean;
}

/** Is it over, one way or another? What it undoes after its actions is part of it. */
export const isOver = ({ status }: Experiment): boolean => status === "completed" || status === "stopped" || status === "failed" || status === "cancelled";

interface State {
  readonly status?: string | undefined;
  readonly reason?: string | undefined;
  /** Told by newer packages only. */
  readonly error?: { readonly code?: string; readonly location?: string };
}

/** @throws SEA_HARM_MISSED, SEA_FIS_ENDED for one that is over, and not because it was complete */
export function assertGood(experiment: Experiment, fault: string): void {
  const { id, status, reason, hasBegun } = experiment;
  if (!isOver(experiment) || status === "completed") return;
  if (!hasBegun) throw problem("SEA_HARM_MISSED", { fault, why: `FIS has ${status} ${id}: ${reason}`, mend: `aws fis get-experiment --id ${id} shows more` });
  throw problem("SEA_FIS_ENDED", { experiment: id, status, reason });
}

/** Accounts keep those of months; so many pages of 100 are looked through at the most. */
const mostPages = 100;

interface Tagged {
  readonly id?: string | undefined;
  readonly tags?: Readonly<Record<string, string>> | undefined;
}

interface Page {
  readonly items?: readonly Tagged[] | undefined;
  readonly nextToken?: string | undefined;
}

/** The id of what carries the token, page by page. */
async function idBy(token: string, action: string, list: (from: { maxResults: number; nextToken?: string }) => Promise<Page>): Promise<string | undefined> {
  let next: string | undefined;
  for (let page = 0; page < mostPages; page++) {
    const { items = [], nextToken } = await asked(action, () => list({ maxResults: 100, ...(next === undefined ? {} : { nextToken: next }) }));
    const found = items.find(({ tags }) => tags?.[tokenTag] === token);
    if (found !== undefined || nextToken === undefined) return found?.id;
    next = nextToken;
  }
  return undefined;
}

/** Ids by token, once they are known: to look through months of experiments ten times a second is too much to ask. */
const ids = new WeakMap<Clients, Map<string, string>>();

function remember(clients: Clients, token: string, id: string): string {
  const known = ids.get(clients) ?? new Map<string, string>();
  ids.set(clients, known.set(token, id));
  return id;
}

/** What is ours by its token, from any process; undefined where it was never made. */
export async function findExperiment(clients: Clients, token: string): Promise<string | undefined> {
  const known = ids.get(clients)?.get(token);
  if (known !== undefined) return known;
  const fis = await clients.fis();
  const id = await idBy(token, "fis:ListExperiments", async (from) => {
    const { experiments, nextToken } = await fis.listExperiments(from);
    return { items: experiments, nextToken };
  });
  return id === undefined ? undefined : remember(clients, token, id);
}

export async function findTemplate(clients: Clients, token: string): Promise<string | undefined> {
  const fis = await clients.fis();
  return idBy(token, "fis:ListExperimentTemplates", async (from) => {
    const { experimentTemplates, nextToken } = await fis.listExperimentTemplates(from);
    return { items: experimentTemplates, nextToken };
  });
}

export async function readExperiment(clients: Clients, id: string): Promise<Experiment> {
  const fis = await clients.fis();
  const { experiment } = await asked("fis:GetExperiment", () => fis.getExperiment({ id }));
  const { status = "pending", reason = "", error }: State = experiment?.state ?? {};
  const where = [error?.code, error?.location].filter((part) => part !== undefined).join(" at ");
  const hasBegun = Object.values(experiment?.actions ?? {}).some(({ startTime, state }) => startTime !== undefined && !/^(pending|cancelled|skipped)$/.test(state?.status ?? ""));
  return { id, status: status as ExperimentStatus, reason: where === "" ? reason : `${reason} (${where})`, hasBegun };
}

/**
 * Starts an experiment; the same token starts no second one.
 *
 * @param skips only finds its targets, and does nothing to them
 */
export async function startExperiment(clients: Clients, template: string, token: string, run: string, skips = false): Promise<string> {
  const fis = await clients.fis();
  const { StartExperimentCommand } = await import("@aws-sdk/client-fis");
  const command = new StartExperimentCommand({ experimentTemplateId: template, clientToken: token, tags: { Name: "Seatrial", [runTag]: run, [tokenTag]: token } });
  // Older packages leave out what they don't know, and what was to be looked at would be done.
  if (skips) {
    command.middlewareStack.add((next) => (args) => {
      const request = args.request as { body: string };
      request.body = JSON.stringify({ ...(JSON.parse(request.body) as object), experimentOptions: { actionsMode: "skip-all" } });
      return next(args);
    }, { step: "build", priority: "high", name: "skipAllActions" });
  }
  const { experiment } = await asked("fis:StartExperiment", () => fis.send(command));
  return remember(clients, token, experiment!.id!);
}

/** Asks for its end; what has ended meanwhile is fine. */
export async function stopExperiment(clients: Clients, id: string): Promise<void> {
  const fis = await clients.fis();
  await asked("fis:StopExperiment", () => fis.stopExperiment({ id }).catch((error: unknown) => {
    if (!/^(ConflictException|ResourceNotFoundException|ValidationException)$/.test(codeOf(error))) throw error;
  }));
}

/** Asks for the end of the experiment with this token where it is under way. True when it is over, or never was. */
export async function endExperiment(clients: Clients, token: string): Promise<boolean> {
  const id = await findExperiment(clients, token);
  const experiment = id === undefined ? undefined : await readExperiment(clients, id);
  if (!experiment || isOver(experiment)) return true;
  if (experiment.status !== "stopping") await stopExperiment(clients, experiment.id);
  return false;
}
