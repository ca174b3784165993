/** Preview links: `?shelf_preview=campaign:variation`, any number of them. */

const PARAMETER = "shelf_preview";

/** The variations that the page's address asks for: lines `campaign<TAB>variation`. */
export function previews(search: string): string {
  const wanted = new URLSearchParams(search).getAll(PARAMETER);
  return wanted
    .filter((pair) => /^[^\s:]+:[^\s:]+$/.test(pair))
    .map((pair) => pair.replace(":", "\t"))
    .join("\n");
}
