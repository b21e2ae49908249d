/** Keys that are no letters, by the names that pages know, as WebDriver writes them. */
const codes: Readonly<Record<string, string>> = {
  Backspace: "\uE003", Tab: "\uE004", Enter: "\uE007", Shift: "\uE008", Control: "\uE009", Alt: "\uE00A", Pause: "\uE00B", Escape: "\uE00C", Space: " ", PageUp: "\uE00E", PageDown: "\uE00F",
  End: "\uE010", Home: "\uE011", ArrowLeft: "\uE012", ArrowUp: "\uE013", ArrowRight: "\uE014", ArrowDown: "\uE015", Insert: "\uE016", Delete: "\uE017", Meta: "\uE03D",
  ControlOrMeta: process.platform === "darwin" ? "\uE03D" : "\uE009",
  ...Object.fromEntries(Array.from({ length: 12 }, (_, n) => [`F${n + 1}`, String.fromCharCode(0xe031 + n)])),
};

/** Presses keys joined by `+` together: down in their order, up the other way round. */
export function keyActions(keys: string): object {
  const names = keys.length > 1 ? keys.split(/(?<=.)\+/) : [keys];
  const values = names.map((name) => codes[name] ?? name);
  const press = (type: "keyDown" | "keyUp") => (value: string) => ({ type, value });
  return { type: "key", id: "keys", actions: [...values.map(press("keyDown")), ...values.toReversed().map(press("keyUp"))] };
}
