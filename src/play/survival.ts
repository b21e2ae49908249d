import type { SurvivalLine } from "../ledger/lines.ts";
import type { Recorder } from "../model/op.ts";
import type { PlannedPhase, PlannedStorm } from "../plan/plan.ts";
import { problem, sayError } from "../units/errors.ts";
import { withDeadline } from "./deadline.ts";
import type { Harm } from "./storm.ts";
import type { Note, Noted } from "./noted.ts";
import type { Voyage } from "./voyage.ts";

/** Side by side, so that thousands of writes are asked for in bearable time. */
const askers = 8;
const tries = 5;
const pauseMs = 500;
const askWithinMs = 30_000;
/** All questions of one kind together; what was not asked by then is unknown. */
const surveyWithinMs = 600_000;
const mostListed = 100;
/** Writes under way while the list was made get so long to be acknowledged. */
const settleMs = 2_000;

/** For sessions that are no load, as those that read back: their touches are in nobody's budget. */
export const unrecorded: Recorder = { op: () => undefined, learned: () => undefined };

type Keep = PlannedStorm["keeps"][number];

/** What users noted, and how to learn of what they noted just now. */
export interface Notebook {
  readonly noted: Noted;
  /** Answers what is missing for good, in words, where a worker took its notes with it. */
  readonly gather: () => Promise<string | undefined>;
}

/** Asks for every noted write of one kind, and for those whose answer was lost. */
export async function surveyed(voyage: Voyage, notebook: Notebook, phase: PlannedPhase, keep: Keep, harm: Harm, stop: AbortSignal): Promise<SurvivalLine> {
  const { clock } = voyage;
  const late = new AbortController();
  const cancel = clock.at(clock.now() + surveyWithinMs, () => late.abort(problem("SEA_VERB_HANGS", { what: `the survey of ${keep.kind}`, seconds: surveyWithinMs / 1_000 })));
  try {
    return await survey(voyage, notebook, phase, keep, harm, AbortSignal.any([stop, late.signal]));
  } finally {
    cancel();
  }
}

async function survey(voyage: Voyage, { noted, gather }: Notebook, phase: PlannedPhase, keep: Keep, harm: Harm, over: AbortSignal): Promise<SurvivalLine> {
  const { clock, random } = voyage;
  await gather();
  const notes = [...noted.notesOf(keep.kind)];
  const unanswered = [...noted.unansweredOf(keep.kind)];
  // A write that was under way when the harm came may have been done before it, whenever its answer came.
  const forgivable = ({ beganMs, notedMs }: Note) => keep.losingMs > 0 && notedMs > harm.injectMs - keep.losingMs && beganMs <= harm.injectedMs;
  const lost: string[] = [];
  const unexpected: string[] = [];
  let [count, found, forgiven, recovered, lostCount, unexpectedCount] = [0, 0, 0, 0, 0, 0];
  let [trouble, unlisted]: (string | undefined)[] = [];
  const opened = () => voyage.openSessions(keep.drivers, unrecorded, over, random.fork("survival", phase.index, keep.kind));
  const sessions = await withDeadline(clock, surveyWithinMs, `opening the sessions that ask for ${keep.kind}`, opened, over);
  try {
    const ask = async (id: string): Promise<boolean | undefined> => {
      for (let attempt = 1; !over.aborted; attempt++) {
        try {
          return await withDeadline(clock, askWithinMs, `finding ${keep.kind} ${id}`, () => keep.find(sessions, id), over);
        } catch (error) {
          trouble = sayError(error);
          if (attempt >= tries) break;
          await clock.sleep(pauseMs, over).catch(() => undefined);
        }
      }
      return undefined;
    };
    count = notes.filter(([, note]) => !forgivable(note)).length;
    await inParallel(notes, async ([id, note]) => {
      const there = await ask(id);
      if (forgivable(note)) {
        if (there === false) forgiven += 1;
      } else if (there) found += 1;
      else if (there === false) {
        lostCount += 1;
        if (lost.length < mostListed) lost.push(id);
      }
    });
    await inParallel(unanswered, async (id) => {
      if (await ask(id)) recovered += 1;
    });
    if (keep.list) {
      const asked = new Set([...notes.map(([id]) => id), ...unanswered, ...noted.unansweredOf(keep.kind), ...noted.notesOf(keep.kind).keys()]);
      const listed = await withDeadline(clock, askWithinMs, `listing ${keep.kind}`, () => keep.list!(sessions), over).catch((error: unknown) => {
        unlisted = `what nobody asked for can't be told: ${sayError(error)}`;
        return [];
      });
      const strangers = listed.filter((id) => !asked.has(id));
      // A write whose answer is on its way is not yet known here.
      if (strangers.length > 0) await clock.sleep(settleMs, over).catch(() => undefined);
      const missing = strangers.length > 0 ? await gather() : undefined;
      if (missing !== undefined) unlisted = `what nobody asked for can't be told: ${missing}`;
      for (const id of missing === undefined ? strangers : []) {
        if (noted.notesOf(keep.kind).has(id) || noted.unansweredOf(keep.kind).has(id)) continue;
        unexpectedCount += 1;
        if (unexpected.length < mostListed) unexpected.push(id);
      }
    }
  } catch (error) {
    trouble = sayError(error);
  } finally {
    await voyage.closeSessions(keep.drivers, sessions);
  }
  const unknown = count - found - lostCount;
  return {
    k: "survival", t: Math.round(clock.now()), phase: phase.index, kind: keep.kind,
    noted: count, found, lost, lostCount, forgiven, recovered, unexpected, unexpectedCount,
    unknown,
    ...((unlisted ?? (unknown > 0 ? trouble : undefined)) !== undefined && { error: unlisted ?? trouble! }),
  };
}

async function inParallel<T>(list: readonly T[], act: (one: T) => Promise<void>): Promise<void> {
  let next = 0;
  await Promise.all(Array.from({ length: Math.min(askers, list.length) }, async () => {
    while (next < list.length) await act(list[next++]!);
  }));
}
