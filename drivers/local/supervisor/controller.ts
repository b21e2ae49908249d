import type { ClusterNode, Pod, PodRef, Workload } from "../../../src/model/cluster.ts";
import type { ServiceSpec } from "../settings.ts";
import type { Count, NodeNews, Routes } from "../wire.ts";
import { Machine } from "./machine.ts";
import { Replica } from "./replica.ts";
import type { Canary } from "./rollout.ts";
import { Service } from "./service.ts";

export interface ControllerOptions {
  /** With their balancer's ports. */
  readonly services: readonly ServiceSpec[];
  readonly nodes: number;
  readonly orphanFolder: string | undefined;
  readonly logs: string;
  /** What a replica is told besides its port. */
  readonly env: (service: ServiceSpec, version: string) => Readonly<Record<string, string>>;
  /** Takes the balancer's whole truth whenever it changed. */
  readonly route: (routes: Routes) => void;
}

/** A service that is not whole, with what is known of why. */
export interface Lacking {
  readonly spec: ServiceSpec;
  readonly ends: number;
  readonly lastEnd: Service["lastEnd"];
  /** What a replica that runs has printed. */
  readonly log: string | undefined;
}

/** Holds the workloads at what is wanted: looks on every beat, starts what lacks, ends what is too much. */
export class Controller {
  readonly #options: ControllerOptions;
  readonly #machines: readonly Machine[];
  readonly #services: readonly Service[];
  #replicas: Replica[] = [];
  #started = 0;
  #routed = "";
  /** False until every node is up: the first would get everything. */
  #begun = false;

  constructor(options: ControllerOptions) {
    this.#options = options;
    this.#services = options.services.map((spec) => new Service(spec));
    this.#machines = Array.from({ length: options.nodes }, (_, i) => {
      const machine: Machine = new Machine(`node-${i + 1}`, options.orphanFolder, (news) => this.#hear(machine, news));
      return machine;
    });
    for (const machine of this.#machines) machine.boot();
  }

  workloads(): Workload[] {
    return this.#services.map((service) => ({
      name: service.spec.name,
      wanted: service.spec.replicas,
      ready: this.#readyOf(service).length,
      rollout: service.canary.rollout,
    }));
  }

  pods(): Pod[] {
    return this.#replicas.filter((replica) => !replica.surplus).map((replica) => replica.pod);
  }

  nodes(): ClusterNode[] {
    return this.#machines.map(({ name, ready }) => ({ name, ready, pool: "local" }));
  }

  machine(name: string): Machine | undefined {
    return this.#machines.find((machine) => machine.name === name);
  }

  canary(workload: string): Canary | undefined {
    return this.#services.find((service) => service.spec.name === workload)?.canary;
  }

  signal({ id }: PodRef, what: "kill" | "freeze" | "thaw"): void {
    this.#replicas.find((replica) => replica.id === id)?.machine.tell({ do: what, id });
  }

  count({ service, version, answers, errors }: Count): void {
    this.canary(service)?.count(version, answers, errors);
  }

  lacking(): Lacking[] {
    return this.#services
      .filter((service) => this.#readyOf(service).length < service.spec.replicas)
      .map((service) => ({ spec: service.spec, ends: service.ends, lastEnd: service.lastEnd, log: this.#of(service)[0]?.log }));
  }

  async end(): Promise<void> {
    await Promise.all(this.#machines.map((machine) => machine.end()));
  }

  /** Looks at everything once: lost nodes, lacking and surplus replicas, health, routes. */
  beat(): void {
    const nowMs = performance.now();
    for (const machine of this.#machines) {
      if (!machine.watch(nowMs)) continue;
      for (const replica of this.#replicas) if (replica.machine === machine) replica.drop();
    }
    if (this.#begun) for (const service of this.#services) this.#hold(service, nowMs);
    for (const replica of this.#replicas) {
      if (!replica.machine.reachable) continue;
      if (replica.surplus) replica.end();
      else void replica.check().then(() => this.#route());
    }
    this.#route();
  }

  #of(service: Service): Replica[] {
    return this.#replicas.filter((replica) => replica.service === service && !replica.surplus);
  }

  #readyOf(service: Service): Replica[] {
    return this.#of(service).filter((replica) => replica.ready);
  }

  #hold(service: Service, nowMs: number): void {
    const { canary, spec: { replicas: wanted } } = service;
    const ready = () => this.#readyOf(service).filter((replica) => replica.version === canary.candidate).length;
    canary.step({ ready: ready(), wanted }, nowMs);
    const { stable, candidate } = canary;
    const counts = canary.counts({ ready: ready(), wanted });
    for (const replica of this.#of(service)) if (replica.version !== stable && replica.version !== candidate) replica.drop();
    this.#scale(service, stable, counts.stable, nowMs);
    if (candidate !== undefined) this.#scale(service, candidate, counts.candidate, nowMs);
  }

  #scale(service: Service, version: string, wanted: number, nowMs: number): void {
    const all = this.#of(service).filter((replica) => replica.version === version).sort((a, b) => Number(b.ready) - Number(a.ready));
    for (const replica of all.slice(wanted)) replica.drop();
    if (nowMs < service.notBeforeMs) return;
    for (let lacking = wanted - all.length; lacking > 0; lacking--) this.#start(service, version);
  }

  /** On the node with the fewest replicas of the service, then with the fewest of all. */
  #start(service: Service, version: string): void {
    const load = (machine: Machine, among: readonly Replica[]) => among.filter((replica) => replica.machine === machine && !replica.surplus).length;
    const [machine] = this.#machines
      .filter((one) => one.ready && one.reachable)
      .sort((a, b) => load(a, this.#of(service)) - load(b, this.#of(service)) || load(a, this.#replicas) - load(b, this.#replicas));
    if (!machine) return;
    const replica = new Replica(`${service.spec.name}-${++this.#started}`, service, version, machine, this.#options.logs);
    this.#replicas.push(replica);
    replica.start({ ...this.#options.env(service.spec, version), ...service.canary.env(version) });
  }

  /** Tells the balancer where connections go now. */
  #route(): void {
    const routes: Routes = {
      routes: this.#services.map((service) => ({
        service: service.spec.name,
        port: service.spec.port,
        weights: service.canary.weights(),
        backends: this.#readyOf(service).map(({ id, port, machine, version }) => ({ id, port: port!, node: machine.name, version })),
      })),
      cut: this.#machines.filter((machine) => machine.cut).map((machine) => machine.name),
    };
    const text = JSON.stringify(routes);
    if (text === this.#routed) return;
    this.#routed = text;
    this.#options.route(routes);
  }

  #hear(machine: Machine, news: NodeNews | { readonly is: "down" }): void {
    switch (news.is) {
      case "up":
        this.#begun ||= this.#machines.every((one) => one.reachable);
        return this.beat();
      case "started": {
        const replica = this.#replicas.find((one) => one.id === news.id);
        if (replica) replica.port = news.port;
        return;
      }
      case "ended":
        return this.#ended(news.id, news.how);
      case "down":
        for (const replica of this.#replicas.filter((one) => one.machine === machine)) this.#ended(replica.id, `its node ${machine.name} ended`);
    }
  }

  #ended(id: string, how: string): void {
    const replica = this.#replicas.find((one) => one.id === id);
    if (!replica) return;
    this.#replicas = this.#replicas.filter((one) => one !== replica);
    if (!replica.surplus) replica.service.ended(replica, how, performance.now());
    this.#route();
  }
}
