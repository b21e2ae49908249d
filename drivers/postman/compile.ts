import { existsSync } from "node:fs";
import { resolve as resolvePath } from "node:path";
import { problem } from "../../src/units/errors.ts";
import type { Collection } from "./read/collection.ts";
import { stepsOf, type Step, type StepScript } from "./read/steps.ts";
import { mustBeInstalled } from "./script/modules.ts";
import { needsFaker } from "./script/dynamic.ts";
import { compileScript, type Compiled } from "./script/source.ts";
import { compileRequest, readBehavior, refusalsOf, type CompiledRequest } from "./send/request.ts";

/** A step ready for load: nothing of it is read or compiled again. */
export interface LoadStep extends Omit<Step, "prerequest" | "test"> {
  /** What its ops are called. */
  readonly label: string;
  readonly compiled: CompiledRequest;
  readonly prerequest: readonly Compiled[];
  readonly test: readonly Compiled[];
}

/** A collection ready for load. */
export interface Program {
  readonly steps: readonly LoadStep[];
  readonly usesChai: boolean;
}

/** So many reasons are said; the rest is counted. */
const mostReasons = 20;

/** "3 things", and what they are, a line each. */
export function listed(reasons: readonly string[]): { readonly count: string; readonly list: string } {
  const shown = reasons.slice(0, mostReasons).map((reason) => `\n- ${reason}`);
  if (reasons.length > mostReasons) shown.push(`\n- and ${reasons.length - mostReasons} more`);
  return { count: reasons.length === 1 ? "one thing" : `${reasons.length} things`, list: shown.join("") };
}

/**
 * Compiles a collection for load.
 *
 * @throws SEA_POSTMAN_LOAD with everything that load mode can't do, SEA_POSTMAN_PACKAGE for what is not installed
 */
export function compile(collection: Collection, folder: readonly string[], isInsecure: boolean): Program {
  const why: string[] = [];
  const scripts = new Map<StepScript, Compiled | undefined>();
  const compiledOnce = (script: StepScript): readonly Compiled[] => {
    if (!scripts.has(script)) {
      const made = compileScript(script.code, script.place, script.owner);
      if ("why" in made) why.push(...made.why.map((reason) => `${script.place}, ${reason}`));
      scripts.set(script, "why" in made ? undefined : made);
    }
    const made = scripts.get(script);
    return made ? [made] : [];
  };
  const steps = stepsOf(collection, folder).map((step): LoadStep => {
    const { behavior, why: ofBehavior } = readBehavior(step.behavior, isInsecure);
    const label = [...step.path, step.name].join(" › ");
    why.push(...[...refusalsOf(step.request, step.auth), ...ofBehavior, ...step.unread].map((reason) => `${label}: ${reason}`));
    const compiled = compileRequest(step.request, step.auth, behavior);
    for (const file of compiled.body?.files ?? []) if (!existsSync(resolvePath(file))) why.push(`${label}: the file ${file} is not there`);
    return { ...step, label, compiled, prerequest: step.prerequest.flatMap(compiledOnce), test: step.test.flatMap(compiledOnce) };
  });
  if (why.length > 0) throw problem("SEA_POSTMAN_LOAD", listed(why), collection.file);

  const modules = new Map<string, string>();
  for (const made of scripts.values()) for (const name of made?.modules ?? []) modules.set(name, made!.place);
  // Whatever is made up somewhere in the collection; a value may hold such a name, too.
  for (const [, name] of JSON.stringify(collection.shape).matchAll(/\{\{(\$random\w+)\}\}/g)) if (needsFaker(name!)) modules.set("@faker-js/faker", `{{${name}}}`);
  for (const [name, place] of modules) mustBeInstalled(name, place);
  return { steps, usesChai: modules.has("chai") };
}
