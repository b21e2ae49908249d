import type { LookupAddress } from "node:dns";
import { expect, test } from "vitest";
import { Names } from "../../../drivers/http/names.ts";
import { realClock, type Clock } from "../../../src/units/clock.ts";

type Answer = (error: NodeJS.ErrnoException | null, addresses: readonly LookupAddress[]) => void;
const v4 = (...addresses: string[]) => addresses.map((address) => ({ address, family: 4 }));
const v6 = (...addresses: string[]) => addresses.map((address) => ({ address, family: 6 }));

/** A resolver that answers when told to, and a clock that stands. */
function names() {
  const asked: { name: string; answer: Answer }[] = [];
  let nowMs = 0;
  const clock: Clock = { ...realClock(), now: () => nowMs };
  const book = new Names(clock, (name, answer) => asked.push({ name, answer }));
  const lookup = (name: string, ttlMs = 1_000, family = 0): Promise<string[]> =>
    new Promise((resolve, reject) => book.lookup(ttlMs)(name, { all: true, family }, (error, addresses) => (error ? reject(error) : resolve((addresses as LookupAddress[]).map(({ address }) => address)))));
  return { asked, lookup, book, advance: (ms: number) => (nowMs += ms) };
}

test("a name is asked for once at a time, once in its time, and again after", async () => {
  const { asked, lookup, advance } = names();
  const all = [lookup("shop"), lookup("shop"), lookup("other")];
  expect(asked.map(({ name }) => name)).toEqual(["shop", "other"]);
  asked[0]!.answer(null, v4("10.0.0.1"));
  asked[1]!.answer(null, v4("10.0.0.9"));
  expect(await Promise.all(all)).toEqual([["10.0.0.1"], ["10.0.0.1"], ["10.0.0.9"]]);
  advance(999);
  expect(await lookup("shop")).toEqual(["10.0.0.1"]);
  expect(asked).toHaveLength(2);
  advance(1);
  const moved = lookup("shop");
  asked[2]!.answer(null, v4("10.0.0.2"));
  expect(await moved).toEqual(["10.0.0.2"]);
  const now = lookup("shop", 0);
  asked[3]!.answer(null, v4("10.0.0.3"));
  expect(await now).toEqual(["10.0.0.3"]);
});

test("a failure is everybody's who waits, and nobody's after", async () => {
  const { asked, lookup } = names();
  const all = [lookup("shop"), lookup("shop")];
  asked[0]!.answer(Object.assign(new Error("no"), { code: "EAI_AGAIN" }), []);
  expect((await Promise.allSettled(all)).map((one) => (one as PromiseRejectedResult).reason.code)).toEqual(["EAI_AGAIN", "EAI_AGAIN"]);
  const again = lookup("shop");
  asked[1]!.answer(null, v4("10.0.0.1"));
  expect(await again).toEqual(["10.0.0.1"]);
});

test("connections are spread over the addresses of each family; which family is tried first stays", async () => {
  const { asked, lookup } = names();
  const first = lookup("shop");
  asked[0]!.answer(null, [...v6("::1", "::2"), ...v4("10.0.0.1", "10.0.0.2", "10.0.0.3")]);
  await first;
  const firsts = [];
  for (let n = 0; n < 6; n++) {
    const addresses = await lookup("shop");
    firsts.push(addresses[0]);
    expect(addresses.slice(0, 2).toSorted()).toEqual(["::1", "::2"]);
    expect(addresses.slice(2).toSorted()).toEqual(["10.0.0.1", "10.0.0.2", "10.0.0.3"]);
  }
  expect(firsts).toEqual(["::2", "::1", "::2", "::1", "::2", "::1"]);
  expect(await lookup("shop", 1_000, 4)).toHaveLength(3);
});

test("one address, for whoever asks for one; none of the family wanted is none at all", async () => {
  const { asked, book, lookup } = names();
  const one = new Promise((resolve) => book.lookup(1_000)("shop", { family: 4 }, (_error, ...found) => resolve(found)));
  asked[0]!.answer(null, [...v6("::1"), ...v4("10.0.0.1")]);
  expect(await one).toEqual(["10.0.0.1", 4]);
  const none = lookup("shop2", 1_000, 6);
  asked[1]!.answer(null, v4("10.0.0.1"));
  await expect(none).rejects.toMatchObject({ code: "ENOTFOUND", syscall: "getaddrinfo" });
});

test("a thousand names are remembered, not more", async () => {
  const { asked, lookup } = names();
  for (let n = 0; n <= 1_000; n++) {
    const one = lookup(`shop-${n}`);
    asked.at(-1)!.answer(null, v4("10.0.0.1"));
    await one;
  }
  const again = lookup("shop-0");
  expect(asked).toHaveLength(1_002);
  asked.at(-1)!.answer(null, v4("10.0.0.1"));
  await again;
});
