import type { Direction } from "./page.ts";
import type { Phone } from "./phone.ts";

const ways: Readonly<Record<Direction, readonly [fromX: number, fromY: number, toX: number, toY: number]>> = {
  up: [0.5, 0.75, 0.5, 0.25], down: [0.5, 0.25, 0.5, 0.75], left: [0.8, 0.5, 0.2, 0.5], right: [0.2, 0.5, 0.8, 0.5],
};

async function move(phone: Phone, actions: readonly object[]): Promise<void> {
  await phone.browser.performActions([{ type: "pointer", id: "finger", parameters: { pointerType: "touch" }, actions }]);
  await phone.browser.releaseActions();
}

/** A finger across the screen, not so fast that it is a fling. */
export async function swipe(phone: Phone, direction: Direction): Promise<void> {
  const { width, height } = await phone.size();
  const [fromX, fromY, toX, toY] = ways[direction];
  await move(phone, [
    { type: "pointerMove", duration: 0, x: Math.round(width * fromX), y: Math.round(height * fromY) },
    { type: "pointerDown", button: 0 },
    { type: "pause", duration: 50 },
    { type: "pointerMove", duration: 300, x: Math.round(width * toX), y: Math.round(height * toY) },
    { type: "pointerUp", button: 0 },
  ]);
}

/** A finger that stays on an element. */
export async function press(phone: Phone, id: string, ms: number): Promise<void> {
  const { x, y, width, height } = await phone.browser.getElementRect(id);
  // In a web view the rectangle is the document's, the finger's way the window's.
  const origin = phone.isWeb && phone.platform !== "fake" ? { origin: { "element-6066-11e4-a52e-4f735466cecf": id }, x: 0, y: 0 } : { x: Math.round(x + width / 2), y: Math.round(y + height / 2) };
  await move(phone, [{ type: "pointerMove", duration: 0, ...origin }, { type: "pointerDown", button: 0 }, { type: "pause", duration: ms }, { type: "pointerUp", button: 0 }]);
}
