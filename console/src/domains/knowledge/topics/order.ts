/** The things in the order in which they stand once one of them was moved. */
export function moved<Thing>(things: readonly Thing[], from: number, to: number): Thing[] {
  const rest = things.filter((_, place) => place !== from);
  const thing = things[from];
  if (thing === undefined) return [...things];
  const place = Math.max(0, Math.min(to, rest.length));
  return [...rest.slice(0, place), thing, ...rest.slice(place)];
}
