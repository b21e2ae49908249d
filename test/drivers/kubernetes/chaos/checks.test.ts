import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { chaosFault } from "../../../../drivers/kubernetes/chaos/fault.ts";
import { stormKinds } from "../../../../drivers/kubernetes/chaos/checks/manifest.ts";
import { named } from "../../../../drivers/kubernetes/chaos/checks/machines.ts";
import { cron, goMs } from "../../../../drivers/kubernetes/chaos/checks/texts.ts";
import { shapes } from "../../../../drivers/kubernetes/chaos/shapes.ts";
import type { Mending, StormCheck } from "../../../../src/model/fault.ts";
import { goods } from "./goods.ts";

const selector = { namespaces: ["shop"], labelSelectors: { app: "shop" } };
const all = { mode: "all", selector };
const storm: StormCheck = { place: "fault", withinMs: 120_000, by: "lift" };

/** What plan says of a fault, as `CODE place`. */
const said = (kind: string, spec: unknown, { options = {}, metadata = {}, ...more }: Partial<StormCheck> & { options?: object; metadata?: object } = {}): readonly string[] =>
  chaosFault<Mending>({ kind, metadata, spec: spec as never }, options).check!({ ...storm, ...more }).map(({ code, place }) => `${code} ${place}`);

const rule = (field: string) => [`SEA_CHAOS_RULE fault.spec.${field}`];
const value = (field: string) => [`SEA_CHAOS_VALUE fault.spec.${field}`];
const delay = { action: "delay", delay: { latency: "200ms" } };
const machine = (action: string, settings: object | undefined, more: object = {}) => ({ action, mode: "all", address: ["10.0.0.1"], ...(settings && { [action]: settings }), ...more });
const scheduled = (more: object) => ({ schedule: "@every 5s", type: "PodChaos", podChaos: { ...all, action: "pod-kill" }, ...more });
const workflow = (...templates: readonly object[]) => ({ entry: "a", templates });
const killing = { templateType: "PodChaos", deadline: "20s", podChaos: { ...all, action: "pod-failure" } };

describe("plan refuses", () => {
  test.each<[string, string, unknown, readonly string[]]>([
    ["a field that no definition has", "PodChaos", { ...all, action: "pod-kill", podNames: ["a"] }, ["SEA_CHAOS_FIELD fault.spec"]],
    ["an unknown action", "PodChaos", { ...all, action: "pod-kil" }, value("action")],
    ["no mode", "PodChaos", { action: "pod-kill", selector }, ["SEA_CHAOS_LACKS fault.spec"]],
    ["no spec", "PodChaos", undefined, value("").map((text) => text.slice(0, -1))],
    ["a spec that is a text", "PodChaos", "all", value("").map((text) => text.slice(0, -1))],
    ["several mistakes at once", "PodChaos", { action: "boom", mode: "some", selector: [] }, [...value("action"), ...value("mode"), ...value("selector")]],
    ["labels that are no texts", "PodChaos", { mode: "all", action: "pod-kill", selector: { labelSelectors: { app: 1 } } }, value("selector.labelSelectors.app")],
    ["names that are no list", "PodChaos", { ...all, action: "container-kill", containerNames: "shop" }, value("containerNames")],
    ["a number with a fraction", "PodChaos", { ...all, action: "pod-kill", gracePeriod: 0.5 }, value("gracePeriod")],
    ["a container kill without containers", "PodChaos", { ...all, action: "container-kill" }, rule("containerNames")],
    ["containers for a pod kill", "PodChaos", { ...all, action: "pod-kill", containerNames: ["a"] }, rule("containerNames")],
    ["a length for what happens once", "PodChaos", { ...all, action: "pod-kill", duration: "10s" }, rule("duration")],
    ["days", "PodChaos", { ...all, action: "pod-failure", duration: "1d" }, rule("duration")],
    ["no time at all", "PodChaos", { ...all, action: "pod-failure", duration: "0s" }, rule("duration")],
    ["a fixed mode without a value", "PodChaos", { action: "pod-kill", mode: "fixed", selector }, rule("value")],
    ["a fixed mode of none", "PodChaos", { action: "pod-kill", mode: "fixed", value: "0", selector }, rule("value")],
    ["more than all", "PodChaos", { action: "pod-kill", mode: "fixed-percent", value: "101", selector }, rule("value")],
    ["a percentage with its sign", "PodChaos", { action: "pod-kill", mode: "random-max-percent", value: "50%", selector }, rule("value")],
    ["a value that nobody reads", "PodChaos", { action: "pod-kill", mode: "one", value: "3", selector }, rule("value")],
    ["a selector of everything", "PodChaos", { action: "pod-kill", mode: "all", selector: {} }, rule("selector")],
    ["a delay without one", "NetworkChaos", { ...all, action: "delay" }, rule("delay")],
    ["a latency that the definition's pattern refuses", "NetworkChaos", { ...all, action: "delay", delay: { latency: "200" } }, value("delay.latency")],
    ["a loss above 100", "NetworkChaos", { ...all, action: "loss", loss: { loss: "250" } }, rule("loss.loss")],
    ["a loss with a sign", "NetworkChaos", { ...all, action: "loss", loss: { loss: "25%" } }, rule("loss.loss")],
    ["a loss that is a number", "NetworkChaos", { ...all, action: "loss", loss: { loss: 25 } }, value("loss.loss")],
    ["a trouble of another action", "NetworkChaos", { ...all, ...delay, loss: { loss: "5" } }, rule("loss")],
    ["netem of nothing", "NetworkChaos", { ...all, action: "netem" }, rule("action")],
    ["from nowhere", "NetworkChaos", { ...all, ...delay, direction: "from" }, rule("target")],
    ["both ways with the outside", "NetworkChaos", { ...all, ...delay, direction: "both", target: all, externalTargets: ["db.example"] }, rule("externalTargets")],
    ["a target without a value", "NetworkChaos", { ...all, ...delay, target: { mode: "fixed", selector } }, rule("target.value")],
    ["a rate of another world", "NetworkChaos", { ...all, action: "bandwidth", bandwidth: { rate: "1MB/s", limit: 1, buffer: 1 } }, rule("bandwidth.rate")],
    ["a buffer of nothing", "NetworkChaos", { ...all, action: "bandwidth", bandwidth: { rate: "1mbps", limit: 1, buffer: 0 } }, value("bandwidth.buffer")],
    ["a stress of nothing", "StressChaos", { ...all, stressors: {} }, rule("stressors")],
    ["two kinds of stress", "StressChaos", { ...all, stressors: { cpu: { workers: 1 } }, stressngStressors: "--cpu 1" }, rule("stressors")],
    ["a memory of no size", "StressChaos", { ...all, stressors: { memory: { workers: 1, size: "much" } } }, rule("stressors.memory.size")],
    ["more memory than there is", "StressChaos", { ...all, stressors: { memory: { workers: 1, size: "120%" } } }, rule("stressors.memory.size")],
    ["a load above 100", "StressChaos", { ...all, stressors: { cpu: { workers: 1, load: 130 } } }, value("stressors.cpu.load")],
    ["an I/O fault of errno 0", "IOChaos", { ...all, action: "fault", volumePath: "/data", errno: 0 }, rule("errno")],
    ["an I/O latency without one", "IOChaos", { ...all, action: "latency", volumePath: "/data" }, rule("delay")],
    ["attributes of none", "IOChaos", { ...all, action: "attrOverride", volumePath: "/data", attr: {} }, rule("attr")],
    ["half a mistake", "IOChaos", { ...all, action: "mistake", volumePath: "/data", mistake: { filling: "zero", maxOccurrences: 1 } }, rule("mistake.maxLength")],
    ["150 percent", "IOChaos", { ...all, action: "latency", volumePath: "/data", delay: "1s", percent: 150 }, rule("percent")],
    ["a star in the middle", "DNSChaos", { ...all, action: "random", patterns: ["shop.*.svc"] }, rule("patterns[0]")],
    ["an offset that is no time", "TimeChaos", { ...all, timeOffset: "yesterday" }, rule("timeOffset")],
    ["HTTP without a port", "HTTPChaos", { ...all, target: "Request", abort: true }, rule("port")],
    ["HTTP that does nothing", "HTTPChaos", { ...all, target: "Request", port: 80 }, rule("target")],
    ["a method that is none", "HTTPChaos", { ...all, target: "Request", port: 80, abort: true, method: "get" }, rule("method")],
    ["a fail type that is none", "KernelChaos", { ...all, failKernRequest: { failtype: 3 } }, value("failKernRequest.failtype")],
    ["a Java method without a class", "JVMChaos", { ...all, action: "latency", method: "a", latency: 5 }, rule("class")],
    ["a Java stress of both", "JVMChaos", { ...all, action: "stress", cpuCount: 1, memType: "heap" }, rule("cpuCount")],
    ["a Java stress of none", "JVMChaos", { ...all, action: "stress" }, rule("cpuCount")],
    ["a connector that is none", "JVMChaos", { ...all, action: "mysql", mysqlConnectorVersion: "7", latency: 5 }, rule("mysqlConnectorVersion")],
    ["a block delay without one", "BlockChaos", { ...all, action: "delay", volumeName: "data" }, rule("delay")],
    ["a volume without its name", "AWSChaos", { action: "detach-volume", awsRegion: "r", ec2Instance: "i", deviceName: "d" }, rule("volumeID")],
    ["a volume for a stop", "AWSChaos", { action: "ec2-stop", awsRegion: "r", ec2Instance: "i", volumeID: "v" }, rule("volumeID")],
    ["no disks", "GCPChaos", { action: "disk-loss", project: "p", zone: "z", instance: "i" }, rule("deviceNames")],
    ["a disk without its number", "AzureChaos", { action: "disk-detach", subscriptionID: "s", resourceGroupName: "g", vmName: "v", diskName: "d" }, rule("lun")],
    ["a machine action without settings", "PhysicalMachineChaos", machine("network-delay", undefined), rule("network-delay")],
    ["settings of another action", "PhysicalMachineChaos", machine("network-delay", { device: "eth0", latency: "1ms" }, { "network-loss": { device: "eth0", percent: "5" } }), rule("network-loss")],
    ["machines named twice", "PhysicalMachineChaos", machine("clock", { pid: 1, "time-offset": "1s" }, { selector: { labelSelectors: { a: "b" } } }), rule("address")],
    ["no machines", "PhysicalMachineChaos", { action: "clock", mode: "all", clock: { pid: 1, "time-offset": "1s" } }, rule("address")],
    ["flags without TCP", "PhysicalMachineChaos", machine("network-delay", { device: "eth0", latency: "1ms", "accept-tcp-flags": "SYN" }), rule("network-delay.ip-protocol")],
    ["a file without a name", "PhysicalMachineChaos", machine("file-create", {}), rule("file-create.file-name")],
    ["a schedule that is none", "Schedule", scheduled({ schedule: "every day" }), rule("schedule")],
    ["a schedule of what can't be", "Schedule", { schedule: "@every 5s", type: "StatusCheck" }, rule("type")],
    ["a schedule without its spec", "Schedule", { schedule: "@every 5s", type: "PodChaos" }, rule("podChaos")],
    ["a schedule with another's spec", "Schedule", scheduled({ networkChaos: { ...all, ...delay } }), rule("networkChaos")],
    ["a mistake within a schedule", "Schedule", scheduled({ podChaos: { ...all, action: "container-kill" } }), rule("podChaos.containerNames")],
    ["an entry that is not there", "Workflow", { entry: "b", templates: [{ name: "a", ...killing }] }, rule("entry")],
    ["no templates", "Workflow", workflow(), rule("templates")],
    ["a name twice", "Workflow", workflow({ name: "a", ...killing }, { name: "a", ...killing }), rule("templates[1].name")],
    ["a child that is not there", "Workflow", workflow({ name: "a", templateType: "Serial", children: ["b"] }), rule("templates[0].children[0]")],
    ["a rest without a length", "Workflow", workflow({ name: "a", templateType: "Suspend" }), rule("templates[0].deadline")],
    ["a duration within a workflow", "Workflow", workflow({ name: "a", ...killing, podChaos: { ...killing.podChaos, duration: "5s" } }), rule("templates[0].podChaos.duration")],
    ["a schedule within a workflow that leaves its policy out", "Workflow", workflow({ name: "a", templateType: "Schedule", schedule: scheduled({}) }), rule("templates[0].schedule.concurrencyPolicy")],
    ["children of what has none", "Workflow", workflow({ name: "a", ...killing, children: ["a"] }), rule("templates[0].children")],
    ["a type of template that is none", "Workflow", workflow({ name: "a", templateType: "Loop" }), rule("templates[0].templateType")],
    ["a check of no address", "Workflow", workflow({ name: "a", templateType: "StatusCheck", statusCheck: { type: "HTTP", http: { url: "shop", criteria: { statusCode: "200" } } } }), rule("templates[0].statusCheck.http.url")],
    ["a check of no status", "Workflow", workflow({ name: "a", templateType: "StatusCheck", statusCheck: { type: "HTTP", http: { url: "http://shop", criteria: { statusCode: "ok" } } } }), rule("templates[0].statusCheck.http.criteria.statusCode")],
    ["kinds that harm nothing", "StatusCheck", { type: "HTTP" }, ["SEA_CHAOS_KIND fault.kind"]],
  ])("%s", (_, kind, spec, expected) => {
    expect(said(kind, spec)).toEqual(expected);
  });

  test("what is in another cluster", () => expect(said("PodChaos", { ...all, action: "pod-failure", remoteCluster: "far" })).toEqual(["SEA_CHAOS_REMOTE fault.spec.remoteCluster"]));
  test("what begins paused", () => expect(said("PodChaos", { ...all, action: "pod-failure" }, { metadata: { annotations: { "experiment.chaos-mesh.org/pause": "true" } } })).toEqual(["SEA_CHAOS_RULE fault.metadata.annotations"]));
  test("a name that no object can have", () => expect(said("PodChaos", { ...all, action: "pod-failure" }, { metadata: { name: "Shop Kill" } })).toEqual(["SEA_CHAOS_VALUE fault.metadata.name"]));
  test("an end after the promise", () => {
    const lasting = { ...all, action: "pod-failure", duration: "2m" };
    expect(said("PodChaos", lasting, { by: "end" })).toEqual(["SEA_CHAOS_TIME fault.spec.duration"]);
    expect(said("PodChaos", lasting, { by: "end", withinMs: 121_000 })).toEqual([]);
    expect(said("PodChaos", lasting, { by: "lift" })).toEqual([]);
    expect(said("Workflow", workflow({ name: "a", ...killing }), { by: "end", withinMs: 20_000 })).toEqual(["SEA_CHAOS_TIME fault.spec.duration"]);
  });
  test.each([
    ["a kill", "PodChaos", { ...all, action: "pod-kill" }],
    ["a schedule", "Schedule", scheduled({})],
    ["a machine", "AWSChaos", { action: "ec2-stop", awsRegion: "r", ec2Instance: "i" }],
  ])("to follow the replacements of %s", (_, kind, spec) => expect(said(kind, spec, { options: { follow: true } })).toEqual(["SEA_CHAOS_RULE fault.follow"]));
});

describe("plan lets through", () => {
  test.each(goods.map(([kind, spec]) => [kind, spec["action"] ?? spec["target"] ?? spec["type"] ?? "", spec] as const))("%s %s", (kind, _, spec) => expect(said(kind, spec)).toEqual([]));
  test("every action of every kind is among them", () => {
    const { action } = shapes["PhysicalMachineChaosSpec"]!;
    expect(new Set(goods.filter(([kind]) => kind === "PhysicalMachineChaos").map(([, spec]) => spec["action"]))).toEqual(new Set(action!.slice(1, -1).split("'|'")));
    expect(new Set(goods.map(([kind]) => kind))).toEqual(new Set(stormKinds));
  });
});

describe("who can end it", () => {
  test.each<[string, object, readonly string[]]>([
    ["PodChaos", { ...all, action: "pod-kill" }, ["platform"]],
    ["PodChaos", { ...all, action: "pod-failure", duration: "10s" }, ["end", "lift"]],
    ["PodChaos", { ...all, action: "pod-failure" }, ["lift"]],
    ["AWSChaos", { action: "ec2-restart", awsRegion: "r", ec2Instance: "i" }, ["platform"]],
    ["Schedule", scheduled({}), ["lift"]],
    ["Workflow", workflow({ name: "a", ...killing }), ["end", "lift"]],
  ])("%s %o", (kind, spec, by) => expect(Object.keys(chaosFault<Mending>({ kind, spec: spec as never }).mendedBy)).toEqual(by));
});

describe("what it says and costs", () => {
  test.each<[string, object, string, readonly unknown[]]>([
    ["PodChaos", { ...all, action: "pod-kill", mode: "fixed", value: "2" }, "PodChaos pod-kill on 2 of in shop app=shop", [2]],
    ["NetworkChaos", { ...all, ...delay, direction: "both", target: { mode: "one", selector: { labelSelectors: { app: "db" } } } }, "NetworkChaos delay on all of in shop app=shop; one of app=db", ["100%", 1]],
    ["NetworkChaos", { ...all, ...delay, target: { mode: "one", selector } }, "NetworkChaos delay on all of in shop app=shop", ["100%"]],
    ["AWSChaos", { action: "ec2-stop", awsRegion: "r", ec2Instance: "i-1" }, "AWSChaos ec2-stop on i-1", [1]],
    ["Schedule", scheduled({}), "Schedule PodChaos on all of in shop app=shop", ["100%"]],
  ])("%s %o", (kind, spec, harm, counts) => {
    const fault = chaosFault<Mending>({ kind, spec: spec as never });
    expect(fault.harm).toBe(harm);
    expect(fault.costs.map(({ count }) => count)).toEqual(counts);
  });

  test("a fault that is wrong in every way can still be asked what is wrong", () => {
    for (const spec of [undefined, null, 1, [], { selector: 1, templates: 1 }]) expect(() => chaosFault<Mending>({ kind: "Workflow", spec: spec as never }).check!(storm)).not.toThrow();
  });
});

describe("times as Go writes them", () => {
  test.each([["1h30m", 5_400_000], ["1.5s", 1_500], ["-10m", -600_000], ["250us", 0.25], ["0", 0], [".5s", 500]])("%s", (text, ms) => expect(goMs(text)).toBeCloseTo(ms, 9));
  test.each(["", "5", "1d", "s", "1 s", "1h 30m", "1.5.5s", 5, undefined])("%s is none", (text) => expect(goMs(text)).toBeUndefined());
  test("parts add up", () => fc.assert(fc.property(fc.nat(100), fc.nat(59), fc.nat(59), (h, m, s) => goMs(`${h}h${m}m${s}s`) === ((h * 60 + m) * 60 + s) * 1_000)));
});

describe("schedules as cron writes them", () => {
  const flaws = (schedule: string) => [...cron({ schedule }, "schedule")];
  test.each(["* * * * *", "0 */2 * * *", "30 0 1,15 jan-mar mon", "*/10 * * * * *", "@hourly", "@every 90s", "CRON_TZ=Europe/Berlin 0 5 * * ?"])("%s", (text) => expect(flaws(text)).toEqual([]));
  test.each(["", "* * * *", "60 * * * *", "* 24 * * *", "* * 0 * *", "* * * 13 *", "5-1 * * * *", "*/0 * * * *", "@every 1ms", "@sometimes", "* * * * * * *"])("'%s' is none", (text) => expect(flaws(text)).toHaveLength(1));
});

test("the rules of machines name fields that the definitions have", () => {
  for (const [action, names] of named) {
    const text = shapes["PhysicalMachineChaosSpec"]![`${action}?`];
    const known = Object.keys(shapes[text!.slice(1)]!).map((field) => field.replace("?", ""));
    expect(known, action).toEqual(expect.arrayContaining([...names]));
  }
});
