/** Builds HTML text in which every value is escaped unless it was built here. */

/** Markup that needs no escaping any more. */
export class Markup {
  constructor(readonly text: string) {}
  toString(): string {
    return this.text;
  }
}

/** What may stand in a template: text is escaped, markup and lists of it are inserted, nothing is left out. */
export type Value = string | number | Markup | readonly Value[] | false | undefined;

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Text made safe for element content and quoted attribute values. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (letter) => ENTITIES[letter] ?? letter);
}

function render(value: Value): string {
  if (value === undefined || value === false) {
    return "";
  }
  if (value instanceof Markup) {
    return value.text;
  }
  if (typeof value === "object") {
    return value.map(render).join("");
  }
  return escapeHtml(String(value));
}

/** Template tag: html`<p>${name}</p>`. */
export function html(parts: TemplateStringsArray, ...values: readonly Value[]): Markup {
  let text = parts[0] ?? "";
  values.forEach((value, at) => {
    text += render(value) + (parts[at + 1] ?? "");
  });
  return new Markup(text);
}

/** A data script (`application/json` or `application/ld+json`), which a browser never runs. */
export function data(type: string, value: unknown, id?: string): Markup {
  const json = JSON.stringify(value).replace(/</g, "\\u003c");
  return new Markup(`<script type="${type}"${id ? ` id="${escapeHtml(id)}"` : ""}>${json}</script>`);
}
