import type { Command } from "commander";
import { onKubernetes } from "./kubernetes.ts";

interface RbacOptions {
  readonly on?: string;
  readonly name: string;
  readonly for: string;
}

/** `seatrial rbac FILE`: the least access rules under which a scenario can be run. */
export function rbacVerb(program: Command): void {
  program
    .command("rbac")
    .argument("<scenario>", "the scenario's file")
    .description("print the least Role, ClusterRole and bindings under which a scenario can be run on Kubernetes; asks nobody")
    .option("--on <cluster>", "the name of one of the scenario's clusters (default: its first)")
    .option("--name <name>", "what the rules are called", "seatrial")
    .option("--for <subject>", "whom they are for: user:NAME, group:NAME or serviceaccount:NAMESPACE/NAME", "user:seatrial")
    .action(async (file: string, { on, name, for: to }: RbacOptions) => {
      const known = await onKubernetes(file, { ...(on !== undefined && { on }) });
      if (!known) return;
      const { rbacOf } = await import("../../drivers/kubernetes/consent/rbac.ts");
      process.stdout.write(`# What "${known.name}" needs on ${known.place.name}, and no more.\n${await rbacOf(known.place, known.storms, { name, to })}`);
    });
}
