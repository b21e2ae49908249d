/** A journey of three requests with a cookie, one of them a POST of JSON, and no think time. */
import { journey } from "../../../src/index.ts";
import { sail, shopOf } from "./sail.ts";

const shop = shopOf();

await sail(journey({ shop }, async ({ shop }) => {
  await shop.get("/cookie", { expect: 200 });
  const { id } = (await shop.get("/items/rope", { expect: 200 })).json<{ id: string }>();
  await shop.post("/orders", { item: id }, { expect: 200 });
}), 3);
