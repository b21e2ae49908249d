/** A journey of one GET, its status checked and its JSON parsed, through the public API with a whole recording into a file. */
import { journey } from "../../../src/index.ts";
import { sail, shopOf } from "./sail.ts";

const shop = shopOf();

await sail(journey({ shop }, async ({ shop }) => {
  const reply = await shop.get("/items/rope", { expect: 200 });
  if (reply.json<{ id: string }>().id !== "rope") throw new Error("another item");
}), 1);
