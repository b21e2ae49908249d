import type { Seen } from "./engine.ts";

/**
 * What there is to see of some elements. Runs in the page, so it stands on its own: nothing of this
 * file is there.
 */
export const seeElements = (elements: readonly any[]): Seen => {
  const [element] = elements;
  if (!element) return { count: 0, text: "", value: "", visible: false, enabled: false, checked: false };
  const style = element.ownerDocument.defaultView.getComputedStyle(element);
  const box = element.getBoundingClientRect();
  const isShown = element.checkVisibility ? element.checkVisibility() : style.display !== "none";
  const isField = ["INPUT", "TEXTAREA", "SELECT"].includes(element.tagName);
  const off = element.closest("[aria-disabled=true]");
  return {
    count: elements.length,
    text: element.innerText ?? element.textContent ?? "",
    value: isField ? element.value : "",
    visible: isShown && style.visibility !== "hidden" && box.width > 0 && box.height > 0,
    enabled: !element.matches(":disabled") && !off,
    checked: element.matches("input") ? element.checked : element.getAttribute("aria-checked") === "true",
  };
};
