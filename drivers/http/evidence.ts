import type { OpenContext } from "../../src/model/driver.ts";
import type { Artifact, Failure } from "../../src/model/op.ts";
import { transcript, type Exchange, type Room } from "./transcript.ts";

/** What is told of a touch beside its exchanges. */
export interface About extends Pick<Failure, "cause" | "error" | "spent"> {
  readonly step: string;
  readonly beganMs: number;
}

const name = "request and response";
const longestName = 60;
const none: readonly Artifact[] = [];

/**
 * Keeps what went over the wire in a failed touch as one file beside the ledger: readable in a browser and in any
 * CI server, and its requests can be sent again by an editor that knows `.http` files. Never throws.
 *
 * @param secrets values that are secret in it, beside what shows by itself
 */
export function saveEvidence({ artifacts, clock, mask }: OpenContext, { step, cause, error, spent, beganMs }: About, exchanges: readonly Exchange[], secrets: Iterable<string>, room: Room): readonly Artifact[] {
  try {
    const began = new Date(clock.wallMs() - (clock.now() - beganMs)).toISOString();
    const facts = [step, cause, `began ${began}`, spent && `its time: ${spent}`, error && `error: ${error}`].filter(Boolean).map((fact) => `# ${String(fact).replace(/\s+/g, " ")}`);
    const text = mask.text(`${facts.join("\n")}\n\n${transcript(exchanges, room)}`, secrets);
    const path = artifacts.save(`${step.replace(/[^\w.-]+/g, "-").replace(/^-+|-+$/g, "").slice(0, longestName)}.http.txt`, text);
    return path === undefined ? none : [{ name, path, type: "text/plain" }];
  } catch {
    // What can't be shown must not hide what is to be shown.
    return none;
  }
}
