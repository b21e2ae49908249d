/** What holds the chaos of others: Schedules, Workflows, and the status checks within. */
import { holders, type Harming } from "../kinds-of-harm.ts";
import { flaw, inside, needed, said, under, type Fields, type Flaws } from "./flaw.ts";
import { kindFlaws } from "./kinds.ts";
import { cron, time } from "./texts.ts";

const isHarming = (kind: string): kind is Harming => kind in holders;

/** The spec that a wrapper holds for its type. */
function* held(spec: Fields, type: string): Flaws {
  const holder = holders[type as Harming];
  if (spec[holder] === undefined) return void (yield flaw(holder, `type ${type} needs its spec`, `give it under ${holder}`));
  yield* under(holder, kindFlaws[type]!(inside(spec, holder)));
  yield* under(holder, time(inside(spec, holder), "duration"));
}

const others = (spec: Fields, type: string): readonly string[] => Object.entries(holders).flatMap(([kind, holder]) => (kind !== type && spec[holder] !== undefined ? [holder] : []));

export function* scheduleFlaws(spec: Fields): Flaws {
  yield* cron(spec, "schedule");
  const type = String(spec["type"]);
  if (type === "Workflow") {
    if (spec["workflow"] === undefined) yield flaw("workflow", "type Workflow needs its spec", "give it under workflow");
    else yield* under("workflow", workflowFlaws(inside(spec, "workflow")));
  } else if (isHarming(type)) yield* held(spec, type);
  else yield flaw("type", `'${type}' can't be scheduled`, `choose one of ${Object.keys(holders).join(", ")}, Workflow`);
  for (const holder of others(spec, type)) yield flaw(holder, `type ${type} does nothing with ${holder}`, "leave it out");
}

function* statusCheckFlaws(spec: Fields): Flaws {
  const { url, criteria } = inside(spec, "http");
  if (spec["http"] === undefined) return void (yield flaw("http", "a status check needs what to ask", "give http: { url, criteria }"));
  if (!/^(https?:\/\/|\/)\S+$/.test(String(url))) yield flaw("http.url", `'${String(url)}' is no address`, 'write "http://shop.shop/ready"');
  const { statusCode } = (criteria ?? {}) as Fields;
  const codes = String(statusCode).split("-");
  if (codes.length > 2 || !codes.every((code) => /^\d{1,3}$/.test(code) && Number(code) > 0)) yield flaw("http.criteria.statusCode", `'${String(statusCode)}' is no status`, 'write "200" or "200-399"');
}

/** Fields of a template that only some of its types have. */
const parts = ["task", "children", "conditionalBranches", "schedule", "statusCheck", ...Object.values(holders)];

function partsOf(type: string): readonly string[] {
  if (isHarming(type)) return [holders[type]];
  return { Suspend: [], Serial: ["children"], Parallel: ["children"], Schedule: ["schedule"], Task: ["task", "conditionalBranches"], StatusCheck: ["statusCheck"] }[type] ?? [];
}

function* templateFlaws(template: Fields, names: ReadonlySet<string>): Flaws {
  const type = String(template["templateType"]);
  const name = String(template["name"] ?? "");
  if (!/^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$/.test(name)) yield flaw("name", `'${name}' is no name of a template`, "use small letters, digits, - and .");
  yield* time(template, "deadline");
  if (type === "Suspend") yield* needed(template, "type Suspend", "deadline");
  const own = partsOf(type);
  for (const part of parts) if (!own.includes(part) && said(template[part])) yield flaw(part, `type ${type} does nothing with ${part}`, "leave it out");
  const children = (template["children"] ?? []) as readonly string[];
  if (own.includes("children")) for (const [index, child] of children.entries()) if (!names.has(child)) yield flaw(`children[${index}]`, `there is no template '${child}'`, `it has: ${[...names].join(", ")}`);
  if (type === "Schedule") yield* template["schedule"] === undefined ? [flaw("schedule", "type Schedule needs its schedule", "give it under schedule")] : under("schedule", scheduleFlaws(inside(template, "schedule")));
  // The webhook writes it back empty where it is left out, and the definition refuses that.
  if (type === "Schedule" && template["schedule"] !== undefined && !said(inside(template, "schedule")["concurrencyPolicy"])) yield flaw("schedule.concurrencyPolicy", "a schedule within a workflow needs its concurrencyPolicy", 'write "Forbid" or "Allow"');
  if (type === "StatusCheck") yield* under("statusCheck", statusCheckFlaws(inside(template, "statusCheck")));
  if (isHarming(type)) {
    yield* held(template, type);
    if (inside(template, holders[type])["duration"] !== undefined) yield flaw(`${holders[type]}.duration`, "in a workflow the template's deadline ends the chaos", "leave the duration out, and give the template a deadline");
  } else if (!["Suspend", "Serial", "Parallel", "Schedule", "Task", "StatusCheck"].includes(type)) {
    yield flaw("templateType", `there is no type '${type}'`, `choose one of Serial, Parallel, Suspend, Task, StatusCheck, Schedule, ${Object.keys(holders).join(", ")}`);
  }
}

export function* workflowFlaws(spec: Fields): Flaws {
  const templates = (spec["templates"] ?? []) as readonly Fields[];
  if (templates.length === 0) return void (yield flaw("templates", "a workflow without templates does nothing", "give the template that it begins with"));
  const names = templates.map((template) => String(template["name"]));
  const known = new Set(names);
  if (!known.has(String(spec["entry"]))) yield flaw("entry", `there is no template '${String(spec["entry"] ?? "")}'`, `it has: ${names.join(", ")}`);
  for (const [index, template] of templates.entries()) {
    if (names.indexOf(names[index]!) < index) yield flaw(`templates[${index}].name`, `the name '${names[index]}' is used twice`, "give each template its own");
    yield* under(`templates[${index}]`, templateFlaws(template, known));
  }
}
