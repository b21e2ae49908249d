/** The collection as load: compiled, with a whole recording into a file. */
import { postman } from "../../../drivers/postman/index.ts";
import { sail } from "../http/sail.ts";

await sail(postman(new URL("shop.postman.json", import.meta.url), { environment: { base: process.env["BENCH_BASE"]! } }), 2);
