export interface Item {
  readonly id: string;
  readonly name: string;
  readonly price: number;
}

/** What the shop sells: small, fixed and the same in every version. */
export const items: readonly Item[] = [
  { id: "oar", name: "Ash oar", price: 48 },
  { id: "rope", name: "Hemp rope, 20 m", price: 24 },
  { id: "lamp", name: "Storm lamp", price: 36 },
  { id: "anchor", name: "Folding anchor", price: 65 },
  { id: "chart", name: "Sea chart", price: 18 },
  { id: "compass", name: "Brass compass", price: 72 },
];
