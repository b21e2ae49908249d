import { problem } from "../../units/errors.ts";
import { budgetOf } from "./budget.ts";
import { executorsOf, type Executor } from "./executors.ts";
import { phasesOf } from "./phases.ts";
import { otherFormat } from "../formats.ts";
import { parseJson } from "../json.ts";
import { isObject, objectAt, type Loose } from "../loose.ts";
import { someBase, type Flow, type Recording } from "../recording.ts";

const hint = "give the options of the script as JSON: k6 inspect script.js > options.json";

/**
 * The options of a k6 script as JSON, as `k6 inspect script.js` prints them (also a `--config` file, and the
 * metadata.json of an archive): executors become paces and phases, thresholds become budgets. The requests are in
 * the script alone; each journey says which of its functions goes there.
 *
 * @param name what the journey of the default function will be called
 * @throws SEA_IMPORT_JSON, SEA_IMPORT_FORMAT, SEA_IMPORT_SHAPE with the path to what is wrong
 */
export function readK6(text: string, name: string, file: string): Recording {
  const options = optionsOf(text, file);
  const notes: string[] = [];
  const executors = executorsOf(options, name, notes);
  const phases = phasesOf(executors, notes);
  const budget = budgetOf(options["thresholds"], executors.map((one) => one.name), notes);
  return {
    flows: executors.map(flowOf), browsed: false, bases: [], variables: new Map(), notes,
    trial: {
      phases: phases.code, budget: budget.code, words: phases.words,
      remarks: {
        phases: ["The executors of the k6 options."],
        budget: [budget.isEmpty ? "The k6 options hold no threshold that has a word here. Without a budget nothing is judged." : "The thresholds of the k6 options; k6 counts from when a request began."],
      },
    },
  };
}

function flowOf({ name, exec }: Executor): Flow {
  const remark = `The calls of the k6 function "${exec}" come here, and its address into the driver.`;
  return { name, asks: [{ place: name, method: "GET", url: new URL(someBase), headers: [], remark }] };
}

function optionsOf(text: string, file: string): Loose {
  const wanted = "k6 options";
  // The stream has a JSON value a line, and is no JSON as a whole.
  if (/^[\ufeff\s]*\{"(?:type|metric)":"[^"\n]*","/.test(text) && /"type":"(?:Metric|Point)"/.test(text.slice(0, 2_000))) {
    throw problem("SEA_IMPORT_FORMAT", { found: "the stream of measurements of k6 --out json", wanted, hint }, file);
  }
  const root = objectAt(parseJson(text, file), "the file");
  if (isObject(root["options"]) && !("scenarios" in root)) return root["options"];
  const known = ["scenarios", "vus", "duration", "iterations", "stages", "thresholds"];
  if ("metrics" in root || !known.some((field) => field in root)) throw otherFormat(root, wanted, hint, file);
  return root;
}
