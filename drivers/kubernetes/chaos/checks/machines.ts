import { flaw, idle, inside, needed, said, under, type Fields, type Flaws } from "./flaw.ts";
import { shares } from "./texts.ts";

/** What the settings of each action have to say. */
const fields: Readonly<Record<string, readonly string[]>> = {
  "stress-cpu": ["load", "workers"],
  "stress-mem": ["size"],
  "disk-read-payload": ["payload-process-num", "size"],
  "disk-write-payload": ["payload-process-num", "size"],
  "disk-fill": ["size"],
  "network-corrupt": ["device", "percent"],
  "network-duplicate": ["device", "percent"],
  "network-loss": ["device", "percent"],
  "network-delay": ["device", "latency"],
  "network-partition": ["device", "direction"],
  "network-bandwidth": ["device", "rate", "limit", "buffer"],
  "network-flood": ["ip-address", "port", "rate", "duration"],
  "network-down": ["device", "duration"],
  process: ["process", "signal"],
  "jvm-exception": ["pid", "class", "method", "exception"],
  "jvm-gc": ["pid"],
  "jvm-latency": ["pid", "class", "method", "latency"],
  "jvm-return": ["pid", "class", "method", "value"],
  "jvm-stress": ["pid"],
  "jvm-rule-data": ["pid", "rule-data"],
  "jvm-mysql": ["pid", "mysqlConnectorVersion"],
  clock: ["pid", "time-offset"],
  "redis-expiration": ["addr"],
  "redis-cacheLimit": ["addr"],
  "redis-penetration": ["addr", "requestNum"],
  "redis-stop": ["addr"],
  "redis-restart": ["addr", "conf"],
  "kafka-fill": ["host", "port", "maxBytes", "reloadCommand"],
  "kafka-flood": ["host", "port", "threads"],
  "file-modify": ["file-name", "privilege"],
  "file-rename": ["source-file", "dest-file"],
  "file-append": ["file-name", "data"],
  "file-replace": ["file-name", "origin-string", "dest-string"],
  user_defined: ["attackCmd", "recoverCmd"],
};

/** Actions of whose settings one field is enough. */
const oneOf: Readonly<Record<string, readonly string[]>> = {
  "network-partition": ["ip-address", "hostname"],
  "jvm-stress": ["cpu-count", "mem-type"],
  "jvm-mysql": ["exception", "latency"],
  "kafka-io": ["nonReadable", "nonWritable"],
  "file-create": ["file-name", "dir-name"],
  "file-delete": ["file-name", "dir-name"],
};

/** Every field that a rule names, by action. */
export const named: readonly (readonly [action: string, fields: readonly string[]])[] = [...Object.entries(fields), ...Object.entries(oneOf)];

/** The rules for machines with an agent: where they are, and what each action's own settings need. */
export function* machineFlaws(spec: Fields): Flaws {
  const action = String(spec["action"]);
  const at = said(spec["address"]);
  const selected = Object.keys(inside(spec, "selector")).length > 0;
  if (at === selected) yield flaw("address", at ? "address and selector name machines twice" : "no machine is named", "give either address or selector");
  if (spec[action] === undefined) return void (yield flaw(action, `action ${action} needs its settings`, `give them under ${action}`));
  yield* idle(spec, `action ${action}`, ...Object.keys(spec).filter((field) => field !== action && (field in fields || field in oneOf)));
  const settings = inside(spec, action);
  const own = [...needed(settings, `action ${action}`, ...(fields[action] ?? [])), ...shares(settings, "correlation", ...(action.startsWith("network-") ? ["percent"] : []))];
  const choice = oneOf[action];
  if (choice && !choice.some((field) => said(settings[field]) && settings[field] !== false)) own.push(flaw(choice[0]!, `action ${action} needs ${choice.join(" or ")}`, "give one of them"));
  if (action === "jvm-stress" && said(settings["cpu-count"]) && said(settings["mem-type"])) own.push(flaw("cpu-count", "one stress can't take both CPU and memory", "give one of them"));
  if (said(settings["accept-tcp-flags"]) && settings["ip-protocol"] !== "tcp") own.push(flaw("ip-protocol", "flags are TCP's alone", 'write "ip-protocol": "tcp"'));
  if (action === "network-partition" && said(settings["direction"]) && settings["direction"] !== "to" && settings["direction"] !== "from") own.push(flaw("direction", "a partition has one direction", 'choose "to" or "from"'));
  if (action === "network-dns" && said(settings["dns-domain-name"]) !== said(settings["dns-ip"])) own.push(flaw("dns-ip", "a name and its address go together", "give dns-domain-name and dns-ip, or neither"));
  if (action === "redis-cacheLimit" && said(settings["percent"]) && settings["cacheSize"] !== undefined && settings["cacheSize"] !== "0") own.push(flaw("percent", "a limit is a size or a percentage", "give one of them"));
  yield* under(action, own);
}
