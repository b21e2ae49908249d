/** A process to be killed: opens a cluster in the folder it runs in, says where it is, and waits. Argument: the settings. */
import { local } from "../../../drivers/local/index.ts";
import { context } from "./sea.ts";

const place = local(JSON.parse(process.argv[2]!));
console.log(JSON.stringify({ folder: (place.address as { folder: string }).folder, opening: true }));
const cluster = await place.open(context());
const [workload] = await cluster.workloads();
console.log(JSON.stringify({ ...(place.address as object), name: workload!.name }));
setInterval(() => {}, 60_000);
