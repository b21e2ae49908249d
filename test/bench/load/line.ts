/** The straight line through points by least squares: its slope, and the slope's standard error. */
export function lineThrough(points: readonly (readonly [x: number, y: number])[]): { readonly slope: number; readonly error: number } {
  const n = points.length;
  const mean = (of: 0 | 1) => points.reduce((sum, point) => sum + point[of], 0) / n;
  const [x0, y0] = [mean(0), mean(1)];
  let [xx, xy] = [0, 0];
  for (const [x, y] of points) {
    xx += (x - x0) ** 2;
    xy += (x - x0) * (y - y0);
  }
  const slope = xy / xx;
  const rest = points.reduce((sum, [x, y]) => sum + (y - y0 - slope * (x - x0)) ** 2, 0);
  return { slope, error: Math.sqrt(rest / Math.max(1, n - 2) / xx) };
}
