/** Texts by name, as an object has them or as `name=text; name=text`. */
export function named(given: string | Readonly<Record<string, string>>): Record<string, string> {
  if (typeof given !== "string") return { ...given };
  const pairs = given.split(";").map((pair) => /^\s*([^=\s]+)\s*=\s*(.*?)\s*$/.exec(pair));
  return Object.fromEntries(pairs.flatMap((pair) => (pair ? [[pair[1], pair[2]]] : [])));
}
