import type { Command } from "commander";
import type { Place } from "../model/cluster.ts";
import { problem } from "../units/errors.ts";
import { loadScenario } from "./load.ts";

const say = (line: string) => process.stdout.write(`${line}\n`);

/** The place of a scenario that `seatrial local` can start. */
async function localPlace(file: string): Promise<Place & { readonly spec: { readonly name: string } }> {
  const place = (await loadScenario(file)).places.find((one) => one.kind === "local");
  if (!place) throw problem("SEA_USAGE", { what: "the scenario has no local cluster", hint: 'give it one: cluster: local({ … }) from "seatrial/local"' }, file);
  return place as Place & { readonly spec: { readonly name: string } };
}

/** `seatrial local up|down|status`: a local cluster in the background, which outlives the runs on it. */
export function localVerb(program: Command): void {
  const verb = program.command("local").description("a local cluster of processes that stays up in the background");
  const door = () => import("../../drivers/local/background.ts");
  verb
    .command("up")
    .argument("<scenario>", "the scenario whose local cluster it is")
    .description("start it; does nothing when it is up")
    .action(async (file: string) => {
      const place = await localPlace(file);
      const { name, pid, services } = await (await door()).up(place as never);
      say(`cluster '${name}' is up (process ${pid})`);
      for (const [service, url] of Object.entries(services)) say(`  ${service}  ${url}`);
    });
  verb
    .command("status")
    .argument("[name]", "its name", "local")
    .description("say whether it is up, and where its services are; exits 1 when it is not")
    .action(async (name: string) => {
      const { folderOf, status } = await door();
      const found = await status(folderOf(name));
      if (!found) {
        say(`cluster '${name}' is not up`);
        process.exitCode = 1;
        return;
      }
      say(`cluster '${name}' is up (process ${found.pid}, since ${new Date(found.startedMs).toISOString()})`);
      for (const [service, url] of Object.entries(found.services)) say(`  ${service}  ${url}`);
    });
  verb
    .command("down")
    .argument("[name]", "its name", "local")
    .description("end it, with its data and backups; does nothing when it is not up")
    .action(async (name: string) => {
      const { down, folderOf } = await door();
      say((await down(folderOf(name))) ? `cluster '${name}' is down` : `cluster '${name}' was not up`);
    });
}
