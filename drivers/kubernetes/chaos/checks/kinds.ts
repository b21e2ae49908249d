/** What the admission webhooks of Chaos Mesh ask of each kind, and what its controllers need besides. */
import { flaw, idle, inside, needed, said, under, type Fields, type Flaws } from "./flaw.ts";
import { machineFlaws } from "./machines.ts";
import { rate, shares, size, time } from "./texts.ts";

/** Mode and value go together; a selector says something. */
function* picked(spec: Fields, mayBeAbsent = false): Flaws {
  const { mode, value } = spec;
  if (mode === "fixed" && !/^[1-9]\d*$/.test(String(value))) yield flaw("value", `mode fixed needs a count, and '${String(value ?? "")}' is none`, 'write a whole number as a text: value: "2"');
  if ((mode === "fixed-percent" || mode === "random-max-percent") && !(/^[1-9]\d*$/.test(String(value)) && Number(value) <= 100)) {
    yield flaw("value", `mode ${mode} needs a percentage, and '${String(value ?? "")}' is none`, 'write a whole number from 1 to 100 as a text: value: "50"');
  }
  if ((mode === "one" || mode === "all") && said(value)) yield flaw("value", `mode ${mode} does nothing with a value`, 'leave it out, or choose mode "fixed"');
  if (mayBeAbsent && spec["selector"] === undefined) return;
  if (!Object.values(inside(spec, "selector")).some((one) => said(one) && !(typeof one === "object" && Object.keys(one as object).length === 0))) yield flaw("selector", "it selects nothing in particular", 'say which pods, such as labelSelectors: { app: "shop" }, or name a namespace to mean all of it');
}

function* delay(spec: Fields, field: string): Flaws {
  const at = inside(spec, field);
  if (at["latency"] === undefined) yield flaw(`${field}.latency`, "a delay needs its latency", 'write latency: "200ms"');
  yield* under(field, time(at, "latency"));
  yield* under(field, time(at, "jitter", { positive: false }));
  yield* under(field, shares(at, "correlation"));
  yield* under(`${field}.reorder`, shares(inside(at, "reorder"), "reorder", "correlation"));
}

const troubles = ["delay", "loss", "duplicate", "corrupt", "rate", "bandwidth"];

function* network(spec: Fields): Flaws {
  yield* picked(spec);
  if (spec["target"] !== undefined) yield* under("target", picked(inside(spec, "target")));
  const action = String(spec["action"]);
  const own = action === "partition" ? [] : action === "netem" ? troubles.filter((one) => one !== "bandwidth") : [action];
  if (action === "netem") {
    if (!own.some((one) => spec[one] !== undefined)) yield flaw("action", "netem needs at least one trouble", `give one of ${own.join(", ")}`);
  } else yield* needed(spec, `action ${action}`, ...own);
  yield* idle(spec, `action ${action}`, ...troubles.filter((one) => !own.includes(one)));
  if (spec["delay"] !== undefined && own.includes("delay")) yield* delay(spec, "delay");
  for (const one of ["loss", "duplicate", "corrupt"]) if (spec[one] !== undefined) yield* under(one, shares(inside(spec, one), one, "correlation"));
  for (const one of ["rate", "bandwidth"]) if (spec[one] !== undefined) yield* under(one, rate(inside(spec, one), "rate"));
  if (action === "partition" || (spec["direction"] !== "from" && spec["direction"] !== "both")) return;
  const way = `direction ${spec["direction"]}`;
  if (spec["externalTargets"] !== undefined) yield flaw("externalTargets", `${way} can't be troubled at addresses outside the cluster`, 'choose direction "to", or action "partition"');
  if (spec["target"] === undefined) yield flaw("target", `${way} needs a target`, "say which pods the traffic comes from: target: { mode, selector }");
}

function* stress(spec: Fields): Flaws {
  yield* picked(spec);
  const { stressors, stressngStressors } = spec;
  const { cpu, memory } = inside(spec, "stressors");
  if (!said(stressngStressors) && cpu === undefined && memory === undefined) yield flaw("stressors", "there is nothing to stress with", "give stressors.cpu, stressors.memory or both");
  if (said(stressngStressors) && stressors !== undefined) yield flaw("stressors", "stressngStressors outdoes stressors", "give one of them");
  for (const [name, one] of [["cpu", cpu], ["memory", memory]] as const) if (one !== undefined && !said((one as Fields)["workers"])) yield flaw(`stressors.${name}.workers`, "there is no worker", "write a number of at least 1");
  yield* under("stressors.memory", size(inside(inside(spec, "stressors"), "memory"), "size"));
}

function* io(spec: Fields): Flaws {
  yield* picked(spec);
  const own: Readonly<Record<string, string>> = { latency: "delay", fault: "errno", attrOverride: "attr", mistake: "mistake" };
  const action = String(spec["action"]);
  yield* needed(spec, `action ${action}`, ...(own[action] === undefined ? [] : [own[action]!]), "volumePath");
  yield* idle(spec, `action ${action}`, ...Object.values(own).filter((one) => one !== own[action]));
  yield* time(spec, "delay");
  const percent = spec["percent"] as number | undefined;
  if (percent !== undefined && (percent < 0 || percent > 100)) yield flaw("percent", `${percent} is not a percentage`, "write a number from 0 to 100");
  if (action === "attrOverride" && spec["attr"] !== undefined && Object.keys(inside(spec, "attr")).length === 0) yield flaw("attr", "it overrides no attribute", "give one, such as perm");
  const mistake = inside(spec, "mistake");
  if (action === "mistake" && spec["mistake"] !== undefined) yield* under("mistake", needed(mistake, "a mistake", "filling", "maxOccurrences", "maxLength"));
}

function* http(spec: Fields): Flaws {
  yield* picked(spec);
  if (!said(spec["port"])) yield flaw("port", "it needs a port", "write the container's port");
  yield* time(spec, "delay");
  if (!["abort", "delay", "replace", "patch"].some((one) => spec[one] !== undefined)) yield flaw("target", "it does nothing to what it matches", "give abort, delay, replace or patch");
  const methods = ["GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS", "TRACE", "CONNECT"];
  if (spec["method"] !== undefined && !methods.includes(String(spec["method"]))) yield flaw("method", `'${String(spec["method"])}' is no method`, `choose one of ${methods.join(", ")}`);
}

function* jvm(spec: Fields): Flaws {
  yield* picked(spec);
  const action = String(spec["action"]);
  const own: Readonly<Record<string, readonly string[]>> = {
    latency: ["class", "method", "latency"], return: ["class", "method", "returnValue"], exception: ["class", "method", "exception"],
    ruleData: ["ruleData"], mysql: ["mysqlConnectorVersion"],
  };
  yield* needed(spec, `action ${action}`, ...(own[action] ?? []));
  const { cpuCount, memType, mysqlConnectorVersion: version } = spec;
  if (action === "stress" && said(cpuCount) === said(memType)) yield flaw("cpuCount", said(cpuCount) ? "one stress can't take both CPU and memory" : "a stress needs cpuCount or memType", "give one of them");
  if (said(memType) && memType !== "stack" && memType !== "heap") yield flaw("memType", `'${String(memType)}' is no memory`, 'choose "stack" or "heap"');
  if (action === "mysql" && said(version) && version !== "5" && version !== "8") yield flaw("mysqlConnectorVersion", `'${String(version)}' is no version`, 'choose "5" or "8"');
  if (action === "mysql" && !said(spec["exception"]) && !said(spec["latency"])) yield flaw("exception", "action mysql needs an exception or a latency", "give one of them");
}

function* pod(spec: Fields): Flaws {
  yield* picked(spec);
  if (spec["action"] === "container-kill") yield* needed(spec, "action container-kill", "containerNames");
  else yield* idle(spec, `action ${String(spec["action"])}`, "containerNames");
  if (spec["action"] !== "pod-kill") yield* idle(spec, `action ${String(spec["action"])}`, "gracePeriod");
}

function* block(spec: Fields): Flaws {
  yield* picked(spec);
  yield* needed(spec, "action delay", "delay");
  if (spec["delay"] !== undefined) yield* delay(spec, "delay");
}

function* dns(spec: Fields): Flaws {
  yield* picked(spec);
  for (const [index, pattern] of ((spec["patterns"] ?? []) as readonly string[]).entries()) {
    if (pattern.slice(0, -1).includes("*")) yield flaw(`patterns[${index}]`, `'${pattern}' has a * before its end`, "let * stand at the end alone");
  }
}

function* skew(spec: Fields): Flaws {
  yield* picked(spec);
  yield* time(spec, "timeOffset", { positive: false });
}

const cloud = (lastAction: string, ...fields: readonly string[]) =>
  function* (spec: Fields): Flaws {
    if (spec["action"] !== lastAction) return yield* idle(spec, `action ${String(spec["action"])}`, ...fields);
    // The unit number of a disk may be 0.
    yield* needed(spec, `action ${lastAction}`, ...fields.filter((one) => !(one === "lun" && spec[one] === 0)));
  };

export const kindFlaws: Readonly<Record<string, (spec: Fields) => Flaws>> = {
  PodChaos: pod,
  NetworkChaos: network,
  StressChaos: stress,
  IOChaos: io,
  DNSChaos: dns,
  TimeChaos: skew,
  HTTPChaos: http,
  KernelChaos: picked,
  JVMChaos: jvm,
  BlockChaos: block,
  AWSChaos: cloud("detach-volume", "volumeID", "deviceName"),
  GCPChaos: cloud("disk-loss", "deviceNames"),
  AzureChaos: cloud("disk-detach", "diskName", "lun"),
  PhysicalMachineChaos: function* (spec) {
    yield* picked(spec, true);
    yield* machineFlaws(spec);
  },
};
