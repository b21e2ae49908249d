/** A step of the way to an element, as far as all of them are alike. */
interface Step {
  readonly by: string;
}

const longest = 120;

/** The n-th of what was found; from the end for numbers below zero. */
export const sayNth = (index: number): string => (index < 0 ? `last ${-index}` : `#${index + 1}`);

/** The target for people, the element first: `button "Buy" in listitem "Rope"`. */
export function sayWay<S extends Step>(target: readonly S[], sayStep: (step: S) => string): string {
  const parts: string[] = [];
  for (const step of target) {
    if (step.by === "nth" && parts.length > 0) parts[0] = `${parts[0]} ${sayStep(step)}`;
    else parts.unshift(sayStep(step));
  }
  const said = parts.join(" in ").replace(/\s+/g, " ");
  return said.length > longest ? `${said.slice(0, longest)}…` : said;
}
