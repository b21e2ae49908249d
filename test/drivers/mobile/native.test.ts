import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { mobile, type MobileSession, type MobileSettings } from "../../../drivers/mobile/index.ts";
import { Server } from "../../../drivers/mobile/server.ts";
import type { Driver } from "../../../src/model/driver.ts";
import { Mask } from "../../../src/mask/mask.ts";
import { problem } from "../../../src/units/errors.ts";
import { realClock } from "../../../src/units/clock.ts";
import { failureOf, until, userContext } from "../../contract/driver.ts";
import { app, appiumOf, isAlive, root } from "./world.ts";

let server: Server;
beforeAll(async () => void (server = await Server.start({ home: root }, realClock(), "fake")), 60_000);
afterAll(() => server.stop());

const fake = (more: Partial<MobileSettings> = {}) => mobile({ platform: "fake", app, server: { home: root }, timeout: "5s", ...more });
type User = ReturnType<typeof userContext> & { readonly phone: MobileSession; readonly saved: Map<string, string | Uint8Array>; readonly said: string[] };

/** Whether failures are written down in full, as the first few of a kind are. */
const keeping = { now: false };

async function open(driver: Driver<MobileSession>): Promise<User> {
  const [saved, said] = [new Map<string, string | Uint8Array>(), [] as string[]];
  const mask = new Mask();
  const user = userContext({ say: (line) => void said.push(line), mask, artifacts: { save: (name, content) => (saved.set(name, typeof content === "string" ? mask.text(content) : content), `artifacts/${name}`) } });
  Object.assign(user.context.record, { keeps: () => keeping.now });
  return { ...user, phone: await driver.open(user.context), saved, said };
}

describe("an app on Appium's fake driver", () => {
  let driver: Driver<MobileSession>;
  let user: User;
  beforeAll(async () => {
    driver = fake({ server: server.url.href });
    user = await open(driver);
    await user.phone.label("rope").tap();
  }, 60_000);
  afterAll(() => driver.close(user.phone));
  const latest = () => user.ops.at(-1)!;

  test("elements are found by every strategy, and each touch is an op that says what it was", async () => {
    const { phone } = user;
    const before = user.ops.length;
    await phone.id("name").fill("ada");
    await phone.id("name").expect({ text: "ada", visible: true, enabled: true, checked: false });
    await phone.text("Sail").tap();
    await phone.xpath("//MockListItem[2]").tap();
    await phone.by("class name", "MockListItem").nth(-1).tap();
    expect(await phone.by("class name", "MockListItem").count()).toBe(2);
    expect(await phone.id("sail").attribute("clicks")).toBe("3");
    expect(user.ops.slice(before).map(({ step, outcome }) => `${outcome} ${step}`)).toEqual([
      "ok fill #name", "ok expect #name", 'ok tap text "Sail"', "ok tap //MockListItem[2]", "ok tap class name MockListItem last 1", "ok count class name MockListItem", "ok read clicks of #sail",
    ]);
  });

  test("what is not there, several, hidden or can't be done is refused, with the cause and what was there instead", async () => {
    const { phone } = user;
    const of = async (touch: Promise<unknown>) => {
      const { outcome, failure } = await failureOf(touch);
      return `${outcome} ${failure.cause}`;
    };
    expect(await of(phone.label("anchor").tap({ timeout: "100ms" }))).toBe("refused no element");
    expect(await of(phone.by("class name", "MockListItem").tap({ timeout: "100ms" }))).toBe("refused ambiguous");
    expect(await of(phone.label("gone").tap({ timeout: "100ms" }))).toBe("refused not ready");
    expect(await of(phone.label("off").expect({ enabled: true }, { timeout: "100ms" }))).toBe("refused expect enabled");
    expect(await of(phone.id("name").expect({ text: /bob/ }, { timeout: "100ms" }))).toBe("refused expect text");
    expect(await of(phone.label("rope").expect({ count: 2 }, { timeout: "100ms" }))).toBe("refused expect count");
    expect(await of(phone.background("1s"))).toBe("refused can't");
    expect(await of(phone.permission("camera", "grant"))).toBe("refused can't");
    expect(await of(phone.context("WEBVIEW_9", { timeout: "100ms" }))).toBe("refused no context");
    expect(await of(phone.dialog("accept", { timeout: "100ms" }))).toBe("refused no dialog");
    await phone.label("rope").tap();
  });

  test("a touch waits until its time is over, and no longer", async () => {
    const beganMs = user.context.clock.now();
    await failureOf(user.phone.label("anchor").tap({ timeout: "600ms" }));
    expect(user.context.clock.now() - beganMs).toBeGreaterThanOrEqual(600);
    expect(latest().endedMs - latest().beganMs).toBeGreaterThanOrEqual(600);
  });

  test("a failure that is kept leaves a screenshot and the source, without secrets", async () => {
    await user.phone.id("password").fill("Rope");
    keeping.now = true;
    const { failure } = await failureOf(user.phone.label("whale").tap({ timeout: "1ms" }));
    keeping.now = false;
    expect(failure.artifacts).toEqual([
      { name: "screenshot", path: "artifacts/tap-whale.png", type: "image/png" }, { name: "source", path: "artifacts/tap-whale.source.xml", type: "text/xml" },
    ]);
    expect(Buffer.from(user.saved.get("tap-whale.png") as Uint8Array).subarray(1, 4).toString()).toBe("PNG");
    expect(user.saved.get("tap-whale.source.xml")).toContain("MockInputField");
    expect(user.saved.get("tap-whale.source.xml")).not.toContain("Rope");
    user.saved.clear();
    expect((await failureOf(user.phone.label("whale").tap({ timeout: "1ms" }))).failure.artifacts).toBe(undefined);
    expect(user.saved.size).toBe(0);
  });

  test("dialogs, contexts, rotation, swipes, long presses, scrolling, screenshots", async () => {
    const { phone } = user;
    await phone.label("Buy").tap();
    expect(await phone.dialog("accept")).toBe("Your order is placed");
    await phone.context("web");
    await phone.id("ask").tap();
    await phone.context("native");
    await phone.rotate("landscape");
    const raw = phone.raw as { getOrientation(): Promise<string>; getLogs(type: string): Promise<unknown[]> };
    expect(await raw.getOrientation()).toBe("LANDSCAPE");
    await phone.rotate("portrait");
    await phone.swipe("up");
    await phone.label("rope").longPress({ for: "20ms" });
    await phone.label("sail").scrollTo();
    await failureOf(phone.label("gone").scrollTo({ timeout: "200ms" }));
    expect(await phone.screenshot("shop")).toBe("artifacts/shop.png");
  });

  test("a reset begins the session anew, on the same device", async () => {
    const { phone } = user;
    await phone.id("name").fill("bob");
    await phone.app.reset();
    expect(await phone.id("name").read()).toBe("");
  });

  test("what only the caller can mend is an error of the catalogue, and no op", async () => {
    const other = await open(driver);
    expect(() => other.phone.raw).toThrow(problem("SEA_MOBILE_RAW", {}).message);
    expect(() => other.phone.label("x").nth(0.5)).toThrow(/SEA_COUNT|0\.5/);
    await expect(async () => other.phone.label("x").tap({ timeout: "soon" as "1s" })).rejects.toThrow(/soon/);
    expect(other.ops).toEqual([]);
    await driver.close(other.phone);
  });
});

test("a server that is killed in the middle of a session is said, costs its touch alone, and is started again", async () => {
  const driver = fake();
  const user = await open(driver);
  await user.phone.label("rope").tap();
  const appium = appiumOf(user.phone)!;
  // Stopped first, so that the touch is on its way when the server dies.
  process.kill(appium, "SIGSTOP");
  const touch = failureOf(user.phone.label("rope").tap({ timeout: "20s" }));
  await user.context.clock.sleep(100);
  process.kill(appium, "SIGKILL");
  const { outcome, failure } = await touch;
  expect([outcome, failure.cause]).toEqual(["unsure", "server gone"]);
  await until("the crash is said", () => user.said.some((line) => line.includes("the Appium server crashed")));
  await user.phone.label("rope").tap();
  expect(user.ops.map(({ outcome }) => outcome)).toEqual(["ok", "unsure", "ok"]);
  const next = appiumOf(user.phone)!;
  expect(next).not.toBe(appium);
  await driver.close(user.phone);
  expect(isAlive(next)).toBe(false);
}, 60_000);

test("an app that hangs is unsure after its time, and the next touch has a session that does not", async () => {
  const driver = fake({ start: "20s" });
  const user = await open(driver);
  await user.phone.label("rope").tap();
  const appium = appiumOf(user.phone)!;
  process.kill(appium, "SIGSTOP");
  const { outcome, failure } = await failureOf(user.phone.label("rope").tap({ timeout: "300ms" }));
  expect([outcome, failure.cause]).toEqual(["unsure", "timeout"]);
  process.kill(appium, "SIGCONT");
  await user.phone.label("rope").tap();
  process.kill(appium, "SIGSTOP");
  const beganMs = realClock().wallMs();
  await driver.close(user.phone);
  expect(realClock().wallMs() - beganMs).toBeLessThan(15_000);
  expect(isAlive(appium)).toBe(false);
}, 60_000);

test("two users on one device take turns; who waits too long has met a lack, and no error of the app", async () => {
  // Another run of the suite on this machine has phones of its own.
  const devices = [`seatrial-test-phone-${process.pid}`];
  const driver = fake({ server: server.url.href, devices, queue: "500ms" });
  const patient = fake({ server: server.url.href, devices, queue: "20s" });
  const [one, two, three] = [await open(driver), await open(driver), await open(patient)];
  await one.phone.label("rope").tap();
  expect(one.phone.device).toBe(devices[0]);
  const { outcome, failure } = await failureOf(two.phone.label("rope").tap());
  expect([outcome, failure.cause]).toEqual(["refused", "no device"]);
  const waiting = three.phone.label("rope").tap();
  await three.context.clock.sleep(50);
  expect(three.ops).toEqual([]);
  await driver.close(one.phone);
  await waiting;
  expect(three.phone.device).toBe(devices[0]);
  await Promise.all([driver.close(two.phone), patient.close(three.phone)]);
}, 60_000);
